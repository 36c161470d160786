/** Where somebody goes on after signing in or changing the language: only ever to a page of ours. */

/** Stands for whichever host we run on: an address that leaves it leads elsewhere. */
const HERE = 'http://here.invalid'

const OWN_PATH = /^\/(?![/\\])[^\\\p{Cc}]*$/u

/** Only a path of ours: no other host, however it is spelt. */
export const localPath = (next: string | undefined): string =>
  next !== undefined && OWN_PATH.test(next) && URL.canParse(next, HERE) && isHere(next) ? next : '/'

const isHere = (path: string): boolean => {
  const { origin, pathname } = new URL(path, HERE)
  // `/.//elsewhere` is a path here, but whoever takes it apart and puts it together again leaves.
  return origin === HERE && !pathname.startsWith('//')
}
