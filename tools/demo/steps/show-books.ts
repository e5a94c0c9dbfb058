import { booksTable } from '../books-table.js';
import { compareIntegration } from '../compare-integration.js';
import type { DemoStep } from '../demo-world.js';

const MESSAGES_SHOWN = 8;

/** Revenue per offer, creative and message beside each network's own books. */
export const showBooks: DemoStep = {
  title: 'The books beside the networks’ own',
  async run(world) {
    let agree = true;
    for (const integration of world.integrations) {
      const { byOffer, byCreative, byMessage, agrees } = await compareIntegration(world, integration);
      const { spec } = integration.network;
      const offerNames = new Map(spec.offers.map(({ id, name }) => [id, `${id} ${name}`]));
      const nobody = '(no message)';
      agree &&= agrees;
      world.narrator.say('');
      console.log(
        [
          booksTable({
            heading: `${spec.id}: offer`,
            entries: byOffer,
            nameOf: (key) => offerNames.get(key ?? '') ?? String(key),
            rowsMax: Infinity,
          }),
          booksTable({ heading: 'creative', entries: byCreative, nameOf: (key) => key ?? nobody, rowsMax: Infinity }),
          booksTable({
            heading: 'message',
            entries: byMessage,
            nameOf: (key) => key ?? nobody,
            rowsMax: MESSAGES_SHOWN,
          }),
        ].join('\n'),
      );
    }
    world.booksAgree = agree;
    console.log(
      agree
        ? '\nThe books agree with the networks to the last digit: difference 0.00.'
        : '\nThe books DO NOT agree with the networks; see the column "difference".',
    );
  },
};
