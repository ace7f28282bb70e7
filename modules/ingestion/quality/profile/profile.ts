import { cellState, takeCell } from '../../files/cell-state.ts'
import { detectMasking, KEY_COLUMNS, type Masking } from '../../files/masking.ts'
import { readCsvName } from '../../files/source-file.ts'
import type { Version, VersionFile } from '../../files/versions.ts'
import { message } from '../../runs/failure.ts'
import { readFileRows } from '../reading/file-rows.ts'
import { fileReporter, type OnFile } from '../reading/versions-read.ts'
import {
  beginSourceFile,
  type ColumnFigures,
  type ColumnProfile,
  columnFigures,
  countCell,
  countRepeat,
  finishColumn,
} from './column-profile.ts'

/** The profile of a CSV, by column. */
export type FileProfile = {
  file: string
  bytes: number
  /** How empty cells were filled (docs/adr/0005-masking.md); null if the masking is unknown. */
  masking: Masking | null
  rows: number
  source_files: number
  /** Unreadable rows, which are not in the statistics of any column. */
  unreadable_rows: number
  columns: ColumnProfile[]
  error: string | null
}

export type VersionProfile = {
  version: string
  path: string
  date: string | null
  files: FileProfile[]
}

/**
 * Profiles every CSV of a version one after the other; only the counters of its columns are in
 * memory.
 */
export async function profileVersion(version: Version, onFile: OnFile): Promise<VersionProfile> {
  const report = fileReporter(version, onFile)
  const profiles: FileProfile[] = []
  for (const file of version.files) {
    if (readCsvName(file.name) === null) continue
    report(file.name)
    profiles.push(await profileFile(file))
  }
  return { version: version.name, path: version.path, date: version.date, files: profiles }
}

/**
 * Profiles a CSV. For a read error, `error` has the message and the statistics cover the rows
 * before it.
 */
export async function profileFile(file: VersionFile): Promise<FileProfile> {
  const profile: FileProfile = {
    file: file.name,
    bytes: file.bytes,
    masking: null,
    rows: 0,
    source_files: 0,
    unreadable_rows: 0,
    columns: [],
    error: null,
  }
  let columns: ColumnFigures[] = []
  try {
    const masking = await detectMasking(file.open())
    profile.masking = masking
    await readFileRows(file.open(), {
      onHeader(names) {
        columns = names.map((name, cell) => {
          return columnFigures(
            name,
            cellState(cell, masking === 'all' || KEY_COLUMNS.includes(name)),
          )
        })
      },
      onRow(row, begins) {
        profile.rows++
        if (begins) {
          profile.source_files++
          for (const column of columns) beginSourceFile(column)
        }
        if (row.fault !== null) {
          profile.unreadable_rows++
          return
        }
        for (let i = 0; i < columns.length; i++) {
          const column = columns[i] as ColumnFigures
          const repeats = row.starts[i] === row.ends[i] && column.state.carried && !begins
          if (repeats) countRepeat(column)
          else {
            takeCell(column.state, row)
            countCell(column)
          }
        }
      },
    })
  } catch (error) {
    profile.error = message(error)
  }
  const readable = profile.rows - profile.unreadable_rows
  profile.columns = columns.map((column) => finishColumn(column, readable))
  return profile
}
