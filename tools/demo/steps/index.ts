import type { DemoStep } from '../demo-world.js';
import { changeAndPull } from './change-and-pull.js';
import { convert } from './convert.js';
import { createIntegrations } from './create-integrations.js';
import { explainOne } from './explain-one.js';
import { fillInPast } from './fill-in-past.js';
import { firePostbacks } from './fire-postbacks.js';
import { importOffers } from './import-offers.js';
import { lateFacts } from './late-facts.js';
import { pull } from './pull.js';
import { sendMessages } from './send-messages.js';
import { showBooks } from './show-books.js';
import { tryOtherSettings } from './try-other-settings.js';

/** The way through, in order. Everything goes over the REST API; only the networks' side is told to the simulator. */
export const DEMO_STEPS: readonly DemoStep[] = [
  createIntegrations,
  importOffers,
  sendMessages,
  convert,
  pull,
  lateFacts,
  firePostbacks,
  changeAndPull,
  fillInPast,
  tryOtherSettings,
  showBooks,
  explainOne,
];
