/** The names of the checks of a connection, in the order in which they are shown. */
export const CHECK_NAMES = [
  'network',
  'token',
  'affiliate',
  'offers_access',
  'report_access',
  'message_id_field',
  'click_id',
] as const;

export type CheckName = (typeof CHECK_NAMES)[number];

/** One thing that was looked at: a stable code, and a sentence that tells a person what to do. */
export interface ConnectionCheck {
  readonly name: CheckName;
  readonly ok: boolean;
  readonly code: string;
  readonly message: string;
}

export function passed(name: CheckName, message: string, code = 'ok'): ConnectionCheck {
  return { name, ok: true, code, message };
}

export function failed(name: CheckName, code: string, message: string): ConnectionCheck {
  return { name, ok: false, code, message };
}

/** A check whose prerequisite failed was not made. */
export function skipped(name: CheckName, prerequisite: CheckName): ConnectionCheck {
  return failed(name, 'skipped', `Not checked, since the check "${prerequisite}" failed; solve that first`);
}
