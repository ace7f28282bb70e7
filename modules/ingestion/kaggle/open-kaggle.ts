import type { Env } from '../../../src/env.ts'
import type { Logger } from '../../../src/log.ts'
import type { Kaggle } from './client/client.ts'
import { type CredentialSettings, findCredentials } from './client/credentials.ts'
import { PATIENCE } from './client/retry.ts'

export type KaggleSettings = CredentialSettings &
  Pick<Env, 'datasetId' | 'kaggleApiEndpoint' | 'kaggleTimeoutSeconds'>

/** Kaggle by the settings, with the found credentials. */
export async function openKaggle(env: KaggleSettings, log: Logger): Promise<Kaggle> {
  return {
    endpoint: env.kaggleApiEndpoint,
    dataset: env.datasetId,
    credentials: await findCredentials(env, { warn: (warning) => log.warn(warning) }),
    silenceMs: env.kaggleTimeoutSeconds * 1000,
    patience: PATIENCE,
    onWait: (reason, ms) =>
      log.warn({ reason, seconds: Math.round(ms / 100) / 10 }, 'trying again'),
  }
}
