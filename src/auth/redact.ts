/** API keys and tokens, wherever someone put them. */
const SECRETS = /(sz_[0-9a-f]{12}_)[\w-]{43}|(eyJ[\w-]{5})[\w-]*\.[\w-]*\.?[\w-]*/g

/** A text that may be kept: of each API key and token in it only the beginning, for recognition. */
export function withoutSecrets(text: string): string {
  return text.replace(
    SECRETS,
    (_, key: string | undefined, token: string | undefined) => `${key ?? token}…`,
  )
}
