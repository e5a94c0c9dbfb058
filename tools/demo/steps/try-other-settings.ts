import type { DemoStep } from '../demo-world.js';

interface DryRun {
  readonly conversions: number;
  readonly moves: readonly { readonly revenue: string; readonly currency: string }[];
}

/** What another click window would move is asked first; nothing is changed by asking. */
export const tryOtherSettings: DemoStep = {
  title: 'A narrower click window is tried without effect: what would it move?',
  async run({ api, narrator, integrations }) {
    for (const { id, network } of integrations) {
      await api.patch(`/v1/integrations/${id}`, { click_window_days: 3 });
      const { conversions, moves } = await api.post<DryRun>('/v1/reattributions', {
        integration_id: id,
        dry_run: true,
      });
      narrator.say(`${network.spec.id}: ${conversions} conversions looked at, ${moves.length} moves; the books stay`);
      await api.patch(`/v1/integrations/${id}`, { click_window_days: 90 });
    }
  },
};
