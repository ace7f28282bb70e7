/** bun scripts/sync-versions.ts: writes the tags of versions.yaml where Kustomize can read them. */
import { writeFileSync } from 'node:fs'
import { imageTags, TAGS_FILE } from './gate/delivery/image-tags.ts'
import { readVersions } from './gate/delivery/versions.ts'

writeFileSync(TAGS_FILE, imageTags(readVersions()))
