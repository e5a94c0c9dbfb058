export { startTuneSimulator } from './start-simulator.js';
export type { TuneSimulator, TuneSimulatorOptions } from './start-simulator.js';
export type { SimulatedNetwork, ConversionsFilter } from './network.js';
export type {
  AdvertiserSpec,
  AffiliateSpec,
  GoalSpec,
  NetworkChange,
  NetworkSettings,
  NetworkSpec,
  OfferSpec,
  RateLimit,
} from './network-spec.js';
export type { Conversion, ConversionChange, NewConversion, Status } from './conversions/conversion.js';
export type { ChangeKind, ChangeOptions } from './conversions/change-conversions.js';
export type { Planted, PlantOptions, PlantShares } from './conversions/plant-conversions.js';
export type { Books, BooksQuery } from './conversions/keep-books.js';
export type { BookLine } from './conversions/sums.js';
export type { SubIdField, TextField } from './conversions/text-fields.js';
export { FAULT_KINDS, HUGE_FILLINGS } from './faults.js';
export type { Fault, FaultDetail, FaultKind, Faults, FaultTarget, HugeFilling } from './faults.js';
export type { FiredPostback, PostbackOptions } from './fire-postbacks.js';
export type { Call } from './call-log.js';
export { controlTuneSimulator } from './control-simulator.js';
export type { RemoteNetwork, RemoteSimulator } from './control-simulator.js';
