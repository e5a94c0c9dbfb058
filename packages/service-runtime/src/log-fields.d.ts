import type { PublicIdFields, PublicIdKind } from '@trackly-tune/domain';

/** No row's number under another spelling either. */
type NoRawIds = { readonly [Kind in PublicIdKind as `${Kind}Id`]?: never };

/** Which types the fields of a log line have to have: records are named by the ids that callers see (`int_6`). */
declare module 'pino' {
  namespace pino {
    interface LogFnFields extends PublicIdFields, NoRawIds {}
  }
}
