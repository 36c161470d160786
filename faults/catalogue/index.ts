import { crowding } from './crowding.ts'
import { erasing } from './erasing.ts'
import type { Fault } from './fault.ts'
import { histories } from './histories.ts'
import { kills } from './kills.ts'
import { late } from './late.ts'
import { machine } from './machine.ts'
import { messages } from './messages.ts'
import { network } from './network.ts'
import { provider } from './provider.ts'
import { releases } from './releases.ts'
import { restored } from './restore.ts'
import { temporalAway } from './temporal-away.ts'
import { turnover } from './turnover.ts'

/** As the table of faults numbers them. */
export const FAULTS: Fault[] = [
  ...kills,
  ...temporalAway,
  ...provider,
  ...late,
  ...network,
  ...crowding,
  ...turnover,
  ...histories,
  ...releases,
  ...messages,
  ...machine,
  ...erasing,
  ...restored,
].toSorted((a, b) => a.number - b.number)
