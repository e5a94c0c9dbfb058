/** The spellings under which a secret could leak. */
function spellingsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const spellings = [
    secret,
    json,
    json.replaceAll('/', '\\/'),
    encodeURIComponent(secret),
    encodeURIComponent(secret).replaceAll('%20', '+'),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
    Buffer.from(secret).toString('hex'),
  ];
  return [...new Set(spellings)];
}

/** Where secrets stand in plain sight: the name of each with the beginning of the text that shows it. */
export function findSecrets(
  secrets: Readonly<Record<string, string>>,
  places: Readonly<Record<string, readonly string[]>>,
): string[] {
  const wanted = Object.entries(secrets).flatMap(([name, secret]) =>
    spellingsOf(secret).map((spelling) => ({ name, spelling: spelling.toLowerCase() })),
  );
  return Object.entries(places).flatMap(([place, texts]) =>
    texts.flatMap((text) => {
      const lower = text.toLowerCase();
      return wanted
        .filter(({ spelling }) => lower.includes(spelling))
        .map(({ name }) => `${name} in ${place}: ${text.slice(0, 80)}`);
    }),
  );
}
