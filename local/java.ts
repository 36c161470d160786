import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findOnPath, MissingProgram, type Preparation, runProgram } from './programs.ts'

const OLDEST_JAVA = 17
const HOW = 'apt-get install openjdk-17-jre-headless maven, or brew install openjdk maven'

/** Kafka 4 and the test server need Java 17; the answer is the program to run. */
export const findJava = async (): Promise<string> => {
  const java = findOnPath('java')
  // macOS ships a stub that only says that there is no Java.
  const about = java && (await runProgram(java, ['-version']).catch(() => ''))
  const major = Number(/version "(\d+)/.exec(about ?? '')?.[1] ?? 0)
  if (java && major >= OLDEST_JAVA) return java
  const found = major > 0 ? `found ${major}` : 'not found'
  throw new MissingProgram(`Java ${OLDEST_JAVA} or later is needed (${found}): ${HOW}`)
}

export const findMaven = (what: string): string => {
  const maven = findOnPath('mvn')
  if (maven) return maven
  throw new MissingProgram(`Maven is needed once to fetch ${what}: ${HOW}`)
}

/** Puts an artifact from Maven Central, with all that it needs at run time, into the folder. */
export const copyJars = async (
  folder: string,
  artifact: { groupId: string; artifactId: string; version: string },
  { say, signal }: Preparation,
): Promise<void> => {
  const maven = findMaven(artifact.artifactId)
  const pom = join(folder, 'pom.xml')
  await writeFile(pom, pomFor(artifact))
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime']
  let files = 0
  await runProgram(maven, ['-B', '-f', pom, ...goal, `-DoutputDirectory=${folder}`], {
    cwd: folder,
    signal,
    onLine: (line) => {
      if (line.includes('Downloaded from')) say?.(`${(files += 1)} files fetched`)
    },
  })
}

const pomFor = ({ groupId, artifactId, version }: Parameters<typeof copyJars>[1]): string =>
  `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>gari.local</groupId>
  <artifactId>jars</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>${groupId}</groupId>
      <artifactId>${artifactId}</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`
