const NAME =
  '(?:network_?token|(?:session|access|auth|bearer)_?token|api_?keys?|x-api-key|encryption_?keys?|postback_?secret|authorization|passw(?:or)?d|secret|token)';

const RULES: readonly [RegExp, string][] = [
  // postgres://user:password@host → the password goes, also one that holds an @
  [/(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@"'\\]{0,200}):[^\s/"'\\]{1,500}@/gi, '$1:***@'],
  // https://host/path?anything → the whole query goes
  [/(\bhttps?:\/\/[^\s?"'<>\\]{1,2000}\?)[^\s"'<>\\]+/gi, '$1***'],
  // "name":"value" as in JSON, also in JSON that stands inside a JSON text
  [new RegExp(`(${NAME}(\\\\*["'])\\s*:\\s*\\2)(?:(?!\\2)(?:\\\\.|[^]))+`, 'gi'), '$1***'],
  // "name":123 as in JSON, kept readable as JSON
  [new RegExp(`(${NAME}["']\\s*:\\s*)-?\\d[\\d.eE+-]*`, 'gi'), '$1"***"'],
  // name=value and name: value, also URL-encoded
  [
    new RegExp(`(${NAME}\\s*(?:[=:]|%3D)\\s*(?:(?:bearer|basic)\\s+)?)(?:(?!%26)[^\\s&"'<>,;)}\\]\\\\])+`, 'gi'),
    '$1***',
  ],
  [/(\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}/gi, '$1***'],
  // TUNE repeats the token in its refusal
  [/(\bNetworkToken\s+)[^\s"'\\]+(?=\s+is\b)/gi, '$1***'],
];

/**
 * Takes what looks like a secret out of a text that others wrote: values of known names, passwords in connection
 * strings, queries of URLs. A JSON line stays a JSON line.
 */
export function scrubSecrets(text: string): string {
  return RULES.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}
