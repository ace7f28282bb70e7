/**
 * Matches a visible character in all regular expression dialects, which disagree about control
 * characters.
 */
export const TEXT_PATTERN = '[^\\s\\u0000-\\u001f\\u007f-\\u00a0\\ufeff]'
