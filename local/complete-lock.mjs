// Adds lock entries for optional platform packages that the lock file lacks, so that npm ci accepts it anywhere.
import { readFileSync, writeFileSync } from 'node:fs'
const file = process.argv[2]
const lock = JSON.parse(readFileSync(file, 'utf8'))
const OS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'openharmony',
  'win32',
  'netbsd',
  'openbsd',
  'sunos',
  'aix',
  'wasi',
]
const CPU = {
  'arm-': 'arm',
  arm64: 'arm64',
  x64: 'x64',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  loong64: 'loong64',
  ia32: 'ia32',
}
const added = []
for (const [from, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${from}/node_modules/${name}`])
      continue
    const tail = name.split('/').pop()
    const os = OS.find((o) => tail.includes(o))
    const cpu = Object.entries(CPU).find(([k]) => tail.includes(k))?.[1]
    if (!os || !/^\d/.test(version)) {
      console.log('not added:', from, name, version)
      continue
    }
    const libc =
      os === 'linux'
        ? /musl/.test(tail)
          ? ['musl']
          : /gnu/.test(tail)
            ? ['glibc']
            : undefined
        : undefined
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(cpu && { cpu: [cpu] }),
      ...(libc && { libc }),
      ...(entry.dev && { dev: true }),
      optional: true,
      os: [os],
    }
    added.push(name)
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
)
writeFileSync(file, JSON.stringify(lock, null, 2) + '\n')
console.log(added.length, 'added')
