/** Something that can be seen, as every dialect of regular expressions has it: they disagree about control characters. */
export const TEXT_PATTERN = '[^\\s\\u0000-\\u001f\\u007f-\\u00a0\\ufeff]'
