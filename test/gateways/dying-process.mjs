/** A process for hashing that is lost in the middle of its work. */
export const hashOrVerify = () => process.exit(7)
