import { join } from 'node:path'
import type { Env } from '../env.ts'
import { openDirectoryStorage } from './directory-storage.ts'
import type { FileStorage } from './file-storage.ts'
import { openS3Storage } from './s3-storage.ts'

/**
 * The storage that the settings choose: a bucket, or the directory `files` in DATA_DIR without one.
 */
export function openFileStorage(env: StorageSettings): FileStorage {
  if (env.s3Bucket === '') return openDirectoryStorage(join(env.dataDir, 'files'))
  return openS3Storage({
    endpoint: env.s3Endpoint || `https://s3.${env.s3Region}.amazonaws.com`,
    region: env.s3Region,
    bucket: env.s3Bucket,
    prefix: env.s3Prefix,
    accessKeyId: env.s3AccessKeyId,
    secretAccessKey: env.s3SecretAccessKey,
  })
}

type StorageSettings = Pick<
  Env,
  | 'dataDir'
  | 's3Endpoint'
  | 's3Region'
  | 's3Bucket'
  | 's3Prefix'
  | 's3AccessKeyId'
  | 's3SecretAccessKey'
>
