export type { ConversionsQuery, ReportPage, TuneClient } from './types.js';
