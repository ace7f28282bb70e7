/** The tests write their zips as the server does that stands for Kaggle. */
export { zipOf } from '../../../scripts/kaggle-server/write-zip.ts'
