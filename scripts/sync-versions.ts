/** bun scripts/sync-versions.ts: writes the image tags and alert rules that Kustomize reads. */
import { writeFileSync } from 'node:fs'
import { RULES_FILE, readAlerts, ruleFile } from './gate/delivery/alerts.ts'
import { imageTags, TAGS_FILE } from './gate/delivery/image-tags.ts'
import { readVersions } from './gate/delivery/versions.ts'

writeFileSync(TAGS_FILE, imageTags(readVersions()))
writeFileSync(RULES_FILE, ruleFile(readAlerts()))
