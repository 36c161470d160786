/** A process for hashing that answers, and is ended while it rests. */
export const hashOrVerify = () => {
  setTimeout(() => process.exit(7), 10)
  return { hash: 'made' }
}
