import { errorOf, type S3Requests } from './s3-requests.ts'
import { escapeXml, readRequired } from './s3-xml.ts'

/** A file uploaded in parts; it exists when the upload is completed. */
export type Upload = {
  /**
   * Sends a part after the one before has arrived; the caller may prepare the next one meanwhile.
   */
  add(part: Uint8Array<ArrayBuffer>): Promise<void>
  complete(): Promise<void>
  /** Aborts the upload: its parts would stay invisible and cost money. */
  abort(): Promise<void>
}

/** Some servers copy all parts into one file before they respond. */
const COMPLETE_MS = 300_000

export async function beginUpload(send: S3Requests, key: string): Promise<Upload> {
  const begun = await send({ method: 'POST', key, query: { uploads: '' } })
  const uploadId = readRequired(new TextDecoder().decode(begun.body), 'UploadId')
  const etags: string[] = []
  let sending: Promise<void> = Promise.resolve()

  async function sendPart(partNumber: number, body: Uint8Array<ArrayBuffer>): Promise<void> {
    const { headers } = await send({
      method: 'PUT',
      key,
      query: { partNumber: String(partNumber), uploadId },
      body,
    })
    etags.push(headers.get('etag') ?? '')
  }

  return {
    async add(part) {
      await sending
      sending = sendPart(etags.length + 1, part)
      sending.catch(() => {})
    },
    async complete() {
      await sending
      const parts = etags.map(
        (etag, i) =>
          `<Part><PartNumber>${i + 1}</PartNumber><ETag>${escapeXml(etag)}</ETag></Part>`,
      )
      const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
      const answer = await send({
        method: 'POST',
        key,
        query: { uploadId },
        body,
        answerMs: COMPLETE_MS,
      })
      if (new TextDecoder().decode(answer.body).includes('<Error>')) throw errorOf(answer)
    },
    async abort() {
      // a part that arrives after the upload ended would stay
      await sending.catch(() => {})
      await send({ method: 'DELETE', key, query: { uploadId } })
    },
  }
}
