import type { ApiClient } from './api-client.js';
import type { DemoFacts } from './demo-facts.js';
import type { DemoNetwork } from './demo-networks.js';
import type { Narrator } from './narrator.js';
import type { SimulatedNetworks } from './simulated-network.js';

/** One integration on its way through the demo; steps fill in what later steps need. */
export interface DemoIntegration {
  readonly network: DemoNetwork;
  readonly id: string;
  /** Public ids of the imported offers by TUNE's. */
  offerIds: Map<string, string>;
  facts: DemoFacts;
  /** What is held back until the conversions are there. */
  late: DemoFacts;
}

/** What the steps share. */
export interface DemoWorld {
  readonly api: ApiClient;
  readonly networks: SimulatedNetworks;
  readonly narrator: Narrator;
  readonly accountId: string;
  readonly signal: AbortSignal;
  readonly now: number;
  integrations: DemoIntegration[];
  /** Whether the books agreed to the last digit, as the comparison found. */
  booksAgree: boolean;
}

export interface DemoStep {
  readonly title: string;
  run(world: DemoWorld): Promise<void>;
}
