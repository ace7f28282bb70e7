/** Tests write zips with the writer of the Kaggle stand-in. */
export { zipOf } from '../../../scripts/kaggle-server/write-zip.ts'
