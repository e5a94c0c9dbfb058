import { DEMO_NETWORKS } from '../demo-networks.js';
import type { DemoStep } from '../demo-world.js';

interface Tested {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly code: string }[];
}

/** Two networks with zones, currencies and id fields of their own; their connections are tried before and after. */
export const createIntegrations: DemoStep = {
  title: 'Two integrations with two TUNE networks',
  async run(world) {
    const { api, networks, narrator, accountId } = world;
    for (const network of DEMO_NETWORKS) {
      const { spec, affiliateId, messageIdField, clickIdField } = network;
      await networks.add(spec);
      const credentials = {
        account_id: accountId,
        name: `${spec.id} of the demo`,
        network_id: spec.id,
        network_token: spec.token,
        base_url: `https://track.${spec.id}.example`,
        affiliate_id: affiliateId,
        message_id_field: messageIdField,
        // The transaction id is looked at in any case.
        ...(clickIdField === 'ad_id' ? { click_id_field: null } : { click_id_field: clickIdField }),
      };
      const created = await api.post<Record<string, string>>('/v1/integrations', credentials);
      const id = created['id'] ?? '';
      const tested = await api.post<Tested>(`/v1/integrations/${id}/test-connection`);
      const checks = tested.checks.map(({ name, ok, code }) => `${name} ${ok ? 'ok' : code}`);
      narrator.say(`${id}  ${spec.id}  zone ${created['time_zone'] ?? spec.timeZone}  messages in ${messageIdField}`);
      narrator.say(`  connection ${tested.ok ? 'ok' : 'NOT ok'}: ${checks.join(', ')}`);
      const nothing = { messages: [], clicks: [] };
      world.integrations.push({ network, id, offerIds: new Map(), facts: nothing, late: nothing });
    }
  },
};
