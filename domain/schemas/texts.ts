/**
 * What people write, without control characters. Said by their numbers, because not every reader of our description knows a
 * class like `\p{Cc}`.
 */
const CONTROL = {
  all: String.raw`\u0000-\u001f\u007f-\u009f`,
  /** But for tabs and the ends of lines. */
  most: String.raw`\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f`,
}

export const ONE_LINE = new RegExp(`^[^${CONTROL.all}]*$`, 'u')
export const LINES = new RegExp(`^[^${CONTROL.most}]*$`, 'u')
