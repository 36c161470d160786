/** What is refused on purpose is no news. */
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker'

const filter = makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' })

export const keepQuiet = (): Runtime =>
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter } },
  })
