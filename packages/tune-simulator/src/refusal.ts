/** An answer with `status: -1`: TUNE says no, over HTTP 200 (quirk 1). */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** Quirk 19: the whole report fails for one field. */
export function refuseField(field: string): Refusal {
  return new Refusal(`Field '${field}' does not exist or is not allowed to be used.`);
}

export function refuseMissing(argument: string): Refusal {
  return new Refusal(`Missing required argument: ${argument}`);
}

export const NOT_PERMITTED = 'User is not permitted to perform this action';
