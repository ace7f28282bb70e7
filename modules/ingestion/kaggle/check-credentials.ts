import { message } from '../runs/failure.ts'
import type { Kaggle } from './client/client.ts'
import { viewDataset } from './dataset.ts'

const PLACES =
  'KAGGLE_API_TOKEN, access_token, KAGGLE_USERNAME and KAGGLE_KEY, kaggle.json; the files in KAGGLE_CONFIG_DIR, ~/.kaggle or ~/.config/kaggle'

/** Requests the dataset with the found credentials. `says` names them without their value. */
export async function checkCredentials(
  kaggle: Kaggle,
  signal: AbortSignal,
): Promise<{ works: boolean; says: string }> {
  const { credentials, dataset, endpoint } = kaggle
  const found = credentials === null ? `None found (${PLACES})` : `Found: ${credentials.from}`
  try {
    const { newest } = await viewDataset(kaggle, signal)
    const how = credentials === null ? 'Works without' : 'Works'
    const says = `${how}: ${new URL(endpoint).host} shows ${dataset}, whose newest version is ${newest.number}`
    return { works: true, says: `${found}\n${says}` }
  } catch (error) {
    signal.throwIfAborted()
    return { works: false, says: `${found}\nDoes not work: ${message(error)}` }
  }
}
