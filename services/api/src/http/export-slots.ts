import { ApiError } from './api-error.js';

/** Exports at once in one process: each may hold a connection to PostgreSQL for as long as its reader takes. */
const EXPORTS_AT_ONCE_MAX = 4;

export interface ExportSlots {
  /**
   * Takes a slot and returns what gives it back, once however often it is called. Throws 503 `exports_busy` when none
   * is free. Judging and taking are one step, so that no two requests can take the same slot.
   */
  take(): () => void;
}

/** The slots of one app. */
export function createExportSlots(slotsMax: number = EXPORTS_AT_ONCE_MAX): ExportSlots {
  let free = slotsMax;
  return {
    take() {
      if (free === 0) {
        throw new ApiError(503, 'exports_busy', 'Other exports are still running; try again', {
          headers: { 'retry-after': '10' },
        });
      }
      free -= 1;
      let taken = true;
      return () => {
        if (taken) free += 1;
        taken = false;
      };
    },
  };
}
