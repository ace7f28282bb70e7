import { afterAll, beforeAll, expect, test } from 'bun:test'
import { bodyOf, startTestApi, type TestApi } from '../../../src/testing/test-app.ts'
import { derive } from '../publish/derive.ts'
import { learnWords } from './vocabulary.ts'

/**
 * Invented products with names in the style of chains: `name | another chain's name | manufacturer
 * | stores`.
 */
const goods = `
חלב טרי 3% רפת הגבעה 1 ליטר | חלב 3% בקרטון 1ל' | רפת הגבעה | 90
חלב טרי 1% רפת הגבעה 1 ליטר | חלב 1% 1 ל | רפת הגבעה | 80
חלב טרי 3% רפת הגבעה 2 ליטר | חלב 3% בקבוק 2ל | רפת הגבעה | 70
שוקולד חלב קרנצ'ו 100 גרם | קרנצ'ו שוקולד חלב | קרנצ'ו | 200
חלבה וניל מזווה 400 גרם | חלבה 400 ג | מזווה | 150
גבינת קוטג' 5% טל הבוקר 250 גרם | קוטג׳ 5% 250 גר | טל הבוקר | 120
גבינת קוטג' 3% טל הבוקר 250 גרם | קוטג 3% 250ג | טל הבוקר | 130
קוקה קולה זירו 1.5 ליטר | קוקה-קולה זירו 1.5 | החברה המרכזית | 140
קוקה קולה 330 מ"ל פחית | פחית קוקה קולה | החברה המרכזית | 160
פאנטה תפוז 1.5 ליטר | פאנטה אורנג' 1500 מל | קוקה קולה ישראל | 190
עגבניה | עגבניה שרי | | 40
רסק עגבניות 22% מטבח הבית 260 גרם | רסק עגבניות 260 | מטבח הבית | 180
עגבניות מרוסקות מטבח הבית 400 גר | עגבניות מרוסקות | מטבח הבית | 170
חיתולי פעוטון מידה 4 44 יח' | פעוטון מידה 4 | פעוטון | 60
מגבונים לחים פעוטון 72 יח | מגבונים לתינוק 72 | פעוטון | 110
במבה נוגט נשנוש 60 גרם | במבה נוגט | נשנוש | 100
במבה נשנוש 80 גרם | במבה 80ג | נשנוש | 95
ביסלי גריל נשנוש 500 גרם | ביסלי 500 | נשנוש | 90
ביסלי גריל נשנוש 50 גרם | ביסלי 50 | נשנוש | 20
קפה נמס מזווה 200 גרם | מזווה נמס 200 | מזווה | 130
קפה שחור טורקי מזווה 100 גרם | קפה טורקי | מזווה | 140
נסקפה זהב 200 גרם | נסקפה 200ג | | 50
יוגורט תות טל הבוקר 3% 150 גרם | יוגורט תות 3% | טל הבוקר | 75
מיץ תפוזים פרי הבקעה 1 ליטר | מיץ תפוזים סחוט 1ל | פרי הבקעה | 60
תפוז | תפוזים | | 45
מלפפון | מלפפון | | 40
מלפפונים במלח מזווה 320 גרם | מלפפונים במלח 7-9 | מזווה | 150
שמן זית כתית מזווה 750 מ"ל | שמן זית 750 מל | מזווה | 85
זיתים ירוקים בשמן מזווה 300 גרם | זית ירוק בשמן | מזווה | 140
גבינה מגורדת נטולת לקטוז טל הבוקר 200 גרם | גבינה נטולת לקטוז | טל הבוקר | 55
ספגטי זריחה 500 גרם | ספגטי 500 גר | זריחה | 65
`

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
  const products = goods
    .trim()
    .split('\n')
    .map((line, i) => {
      const [name = '', other = '', manufacturer = '', stores] = line
        .split('|')
        .map((part) => part.trim())
      const sold = {
        min_agorot: 500,
        max_agorot: 500,
        sum_agorot: 500,
        store_count: Number(stores),
      }
      const described = {
        name,
        names: [name, other],
        manufacturer: manufacturer === '' ? null : manufacturer,
      }
      return {
        id: 101 + i,
        code: `72900000${101 + i}`,
        ...described,
        unitOfMeasure: null,
        unitQuantity: null,
        isWeighted: false,
        ...sold,
      }
    })
  await api.sql`delete from catalog.products where id < 100`
  const vocabulary = new Set<string>()
  const derived = products.map((product) => derive(product, vocabulary))
  await api.sql.begin((tx) => learnWords(tx, vocabulary))
  for (const { unitOfMeasure: _1, unitQuantity: _2, isWeighted: _3, ...row } of derived) {
    await api.sql`insert into catalog.products ${api.sql({ ...row, all_store_count: row.store_count })}`
  }
})
afterAll(() => api.close())

type Page = { data: { product_name: string }[]; pagination: { next_cursor: string | null } }
const read = async (query: string): Promise<Page> =>
  bodyOf(await api.ask(`/v1/products/search?${query}`))
const namesOf = ({ data }: Page) => data.map(({ product_name }) => product_name)
const search = async (query: string) => namesOf(await read(query))

test.each([
  ['חלב', 'חלב טרי 3% רפת הגבעה 1 ליטר'],
  ['חלב 3% 1 ליטר', 'חלב טרי 3% רפת הגבעה 1 ליטר'],
  ['3% 1 ל', 'חלב טרי 3% רפת הגבעה 1 ליטר'],
  ['חלב 2 ל', 'חלב טרי 3% רפת הגבעה 2 ליטר'],
  ['חלב 2000 מ"ל', 'חלב טרי 3% רפת הגבעה 2 ליטר'],
  ['חלב %1', 'חלב טרי 1% רפת הגבעה 1 ליטר'],
  ['קוטג 5%', "גבינת קוטג' 5% טל הבוקר 250 גרם"],
  ['קולה 1.5', 'קוקה קולה זירו 1.5 ליטר'],
  ['coca cola', 'קוקה קולה 330 מ"ל פחית'],
  ['Coca-Cola zero', 'קוקה קולה זירו 1.5 ליטר'],
  ['עגבניות', 'עגבניה'],
  ['חיתולים', "חיתולי פעוטון מידה 4 44 יח'"],
  ['במבה', 'במבה נוגט נשנוש 60 גרם'],
  ['במבה 80', 'במבה נשנוש 80 גרם'],
  ['ביסלי 50', 'ביסלי גריל נשנוש 50 גרם'],
  ['קפה נמס', 'קפה נמס מזווה 200 גרם'],
  ['נסקפא', 'נסקפה זהב 200 גרם'],
  ['nescaffe', 'נסקפה זהב 200 גרם'],
  ['קוטאג', "גבינת קוטג' 3% טל הבוקר 250 גרם"],
  ['שוקלד', "שוקולד חלב קרנצ'ו 100 גרם"],
  ['יוגרט תוט', 'יוגורט תות טל הבוקר 3% 150 גרם'],
  ['תפוזים', 'תפוז'],
  ['מיץ תפוז', 'מיץ תפוזים פרי הבקעה 1 ליטר'],
  ['חל', 'חלבה וניל מזווה 400 גרם'],
  ['מלפפון', 'מלפפון'],
  ['מלפפונים', 'מלפפון'],
  ['גבינה ללא לקטוז', 'גבינה מגורדת נטולת לקטוז טל הבוקר 200 גרם'],
  ['milk', 'חלב טרי 3% רפת הגבעה 1 ליטר'],
  ['tomatoes', 'עגבניה'],
  ['olive oil', 'שמן זית כתית מזווה 750 מ"ל'],
  ['orange juice', 'מיץ תפוזים פרי הבקעה 1 ליטר'],
  ['молоко', 'חלב טרי 3% רפת הגבעה 1 ליטר'],
  ['огурцы', 'מלפפון'],
  ['спагетти', 'ספגטי זריחה 500 גרם'],
  ['spageti', 'ספגטי זריחה 500 גרם'],
  ['zriha', 'ספגטי זריחה 500 גרם'],
  ['зриха', 'ספגטי זריחה 500 גרם'],
])('%s finds %s first', async (typed, first) => {
  expect((await search(`q=${encodeURIComponent(typed)}`))[0]).toBe(first)
})

test('results rank whole words before prefixes, the product itself before products that contain it, then by stores', async () => {
  expect(await search('q=חלב')).toEqual([
    'חלב טרי 3% רפת הגבעה 1 ליטר',
    'חלב טרי 1% רפת הגבעה 1 ליטר',
    'חלב טרי 3% רפת הגבעה 2 ליטר',
    "שוקולד חלב קרנצ'ו 100 גרם",
    'חלבה וניל מזווה 400 גרם',
  ])
  expect((await search('q=קולה')).at(-1)).toBe('פאנטה תפוז 1.5 ליטר')
})

test('misspelt words are corrected only if there are too few matches', async () => {
  expect(await search('q=תפוז 1 ליטר')).toEqual(['מיץ תפוזים פרי הבקעה 1 ליטר'])
  expect(await search('q=ביסלי 5')).toEqual([])
  expect(await search('q=קקקקקקק')).toEqual([])
})

test('six or more first digits of a barcode find the products that begin with them', async () => {
  const all = goods.trim().split('\n').length
  expect((await read('q=729000')).data).toHaveLength(Math.min(all, 20))
  expect(await search('q=72900000101')).toEqual(['חלב טרי 3% רפת הגבעה 1 ליטר'])
  expect(await search('q=7290000010')).toHaveLength(9)
  expect(await search('q=72900')).toEqual([])
})

test('a cursor pages through results in order, also for misspelt words', async () => {
  for (const typed of ['חלב', 'שוקלד', 'מזווה', 'קולה', '1.5']) {
    const query = `q=${encodeURIComponent(typed)}`
    const walked: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page = await read(
        `${query}&per_page=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )
      walked.push(...namesOf(page))
      cursor = page.pagination.next_cursor
    }
    expect([typed, walked]).toEqual([typed, await search(`${query}&per_page=100`)])
  }
})
