/** Turns of this process for work that may wait, so that it never fills the places that live work needs. */
export interface BackgroundTurns {
  /** Turns that are free. */
  free(): number;
  /** Takes a turn; null when all are taken. Call what it returns to give it back. */
  take(): (() => void) | null;
}

export function createBackgroundTurns(turnsMax: number): BackgroundTurns {
  let taken = 0;
  return {
    free: () => turnsMax - taken,
    take() {
      if (taken >= turnsMax) return null;
      taken += 1;
      let given = false;
      return () => {
        if (!given) taken -= 1;
        given = true;
      };
    },
  };
}
