/** What is wrong with an affiliate id that is no whole number as TUNE writes it, for a person. */
export function explainAffiliateId(text: string): string {
  const rule = 'must be a whole number as TUNE shows it, without leading zeros';
  const meant = /^\s*0*([1-9]\d{0,18})\s*$/.exec(text)?.[1];
  return meant === undefined ? `${rule}, e.g. 1002` : `${rule}; probably ${meant} is meant`;
}
