import type { DemoStep } from '../demo-world.js';

const CONVERSIONS = 400;
const FIRST_DAYS_AGO = 6;
const DAY_MS = 86_400_000;
const SHARES = {
  pending: 0.1,
  rejected: 0.06,
  test: 0.03,
  adjustment: 0.03,
  emptyAdId: 0.03,
  sameClick: 0.05,
  withoutIds: 0.05,
  foreignIds: 0.04,
  otherAffiliates: 0.1,
};

const dayAgo = (now: number, days: number): string => new Date(now - days * DAY_MS).toISOString().slice(0, 10);

/** In the networks, recipients convert: approved, pending, rejected, tests, corrections, other people's. */
export const convert: DemoStep = {
  title: 'In the networks, recipients convert',
  async run({ networks, narrator, integrations, now }) {
    for (const { network, facts } of integrations) {
      const { count } = await networks.plant(network.spec.id, {
        count: CONVERSIONS,
        from: dayAgo(now, FIRST_DAYS_AGO),
        to: dayAgo(now, 2),
        messageIds: facts.messages.map(({ message_id }) => message_id),
        messageIdField: network.messageIdField,
        clicks: facts.clicks.map(({ click_id, message_id }) => ({ clickId: click_id, messageId: message_id })),
        clickIdField: network.clickIdField,
        shares: SHARES,
      });
      narrator.say(`${network.spec.id}: ${count} conversions, some of other affiliates, some that name no message`);
    }
  },
};
