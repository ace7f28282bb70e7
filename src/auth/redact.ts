/** Matches API keys and tokens anywhere in a text. */
const SECRETS = /(sz_[0-9a-f]{12}_)[\w-]{43}|(eyJ[\w-]{5})[\w-]*\.[\w-]*\.?[\w-]*/g

/** Shortens each API key and token in a text to its beginning, so that the text may be stored. */
export function withoutSecrets(text: string): string {
  return text.replace(
    SECRETS,
    (_, key: string | undefined, token: string | undefined) => `${key ?? token}…`,
  )
}
