import type { DemoStep } from '../demo-world.js';

interface Conversions {
  readonly data: readonly { readonly id: string; readonly external_id: string | null }[];
}

interface Trail {
  readonly versions: readonly { readonly version: number; readonly facts: { readonly [name: string]: unknown } }[];
  readonly decisions: readonly { readonly cause: string; readonly method: string; readonly reason: string }[];
  readonly entries: readonly { readonly seq: number | null; readonly revenue: string; readonly currency: string }[];
}

/** The trail of one conversion that a postback told first and a pull then confirmed. */
export const explainOne: DemoStep = {
  title: 'Why an amount stands where it stands: the trail of one conversion',
  async run({ api, narrator, integrations }) {
    const [integration] = integrations;
    if (!integration) return;
    const { data } = await api.get<Conversions>(
      `/v1/conversions?integration_id=${integration.id}&attribution=click&status=approved&limit=1`,
    );
    const [conversion] = data;
    if (!conversion) throw new Error('No conversion was attributed by click');
    const trail = await api.get<Trail>(`/v1/conversions/${conversion.id}/trail`);
    narrator.say(`${conversion.id} (TUNE ${conversion.external_id ?? '-'}) of ${integration.network.spec.id}`);
    for (const { version, facts } of trail.versions) {
      narrator.say(`  seen, version ${version}: ${String(facts['status'])} ${String(facts['payout'])}`);
    }
    for (const { cause, method, reason } of trail.decisions) {
      narrator.say(`  decided (${cause}): ${method}, ${reason}`);
    }
    for (const { seq, revenue, currency } of trail.entries) {
      narrator.say(`  booked as number ${seq ?? '-'}: ${revenue} ${currency}`);
    }
  },
};
