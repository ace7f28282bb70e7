/**
 * A chain that must publish its prices by law: its GS1 number, names, site, and its file slugs in
 * the dataset.
 */
export type ChainReference = {
  id: string
  name: string
  english: string
  site: string | null
  slugs: readonly string[]
}

/**
 * GS1 number | Hebrew name | English name | site | slugs. Chains with two numbers have two lines.
 */
const LINES = `7290027600007|שופרסל|Shufersal|https://www.shufersal.co.il|shufersal
7290058140886|רמי לוי|Rami Levy|https://www.rami-levy.co.il|rami_levy
7290055700007|קרפור ויינות ביתן|Carrefour and Yeinot Bitan|https://www.carrefour.co.il|yayno_bitan_and_carrefour,yayno_bitan,mega,mega_market
7290696200003|ויקטורי|Victory|https://www.victoryonline.co.il|victory,victory_new_source
7290058103393|ויקטורי|Victory|https://www.victoryonline.co.il|
7290803800003|יוחננוף|Yohananof|https://yochananof.co.il|yohananof
7290103152017|אושר עד|Osher Ad|https://osherad.co.il|osher_ad
7290700100008|חצי חינם|Hazi Hinam|https://shop.hazi-hinam.co.il|hazi_hinam
7290873255550|טיב טעם|Tiv Taam|https://www.tivtaam.co.il|tiv_taam
7290785400000|קשת טעמים|Keshet Teamim|https://www.keshet-teamim.co.il|keshet
7290661400001|מחסני השוק|Mahsanei HaShuk|https://www.mck.co.il|mahsani_ashuk,mahsani_ashuk_new_source
7290633800006|מחסני השוק|Mahsanei HaShuk|https://www.mck.co.il|
7290058108879|קינג סטור|King Store||king_store
7290526500006|סאלח דבאח ובניו|Salach Dabbah and Sons||salach_dabach
7290058197699|גוד פארם|Good Pharm|https://goodpharm.co.il|good_pharm
7290172900007|סופר־פארם|Super-Pharm|https://www.super-pharm.co.il|super_pharm
7290058266241|סיטי מרקט|City Market||city_market_shops,city_market_givatayim,city_market_kirtono,city_market_kiryat_gat
7290000000003|סיטי מרקט|City Market||
7290492000005|דור אלון|Dor Alon|https://www.doralon.co.il|dor_alon
7290644700005|יילו|Yellow|https://www.paz.co.il|yellow
7290876100000|פרש מרקט וסופר דוש|Fresh Market and Super Dosh||fresh_market_and_super_dosh
7290875100001|סופר ברקת|Super Bareket||bareket
7290639000004|סטופ מרקט|Stop Market||stop_market
7290058177776|סופר יודה|Super Yuda||super_yuda
7290058156016|סופר ספיר|Super Sapir||super_sapir
7290058159628|מעיין 2000|Maayan 2000||maayan_2000
7290058160839|נתיב החסד|Netiv HaHesed||netiv_hased
7290058134977|שפע ברכת השם|Shefa Birkat HaShem||shefa_barcart_ashem
7290058148776|שוק העיר|Shuk HaIr||shuk_ahir
7290058173198|זול ובגדול|Zol VeBegadol||zol_vebegadol
7290058249350|וולט מרקט|Wolt Market|https://wolt.com|wolt
7291056200008|קופיקס|Cofix|https://www.cofix.co.il|cofix
7291029710008|קוויק|Quik|https://quik.co.il|quik
7291059100008|פוליצר|Politzer||polizer
7290455000004|ח. כהן|Het Cohen||het_cohen
5144744100001|משנת יוסף|Mishnat Yosef||meshmat_yosef_2
5144744100002|משנת יוסף|Mishnat Yosef||meshmat_yosef_1
7290058289400|משנת יוסף|Mishnat Yosef||`

export const CHAINS: ReadonlyMap<string, ChainReference> = new Map(
  LINES.split('\n').map((line) => {
    const [id = '', name = '', english = '', site = '', slugs = ''] = line.split('|')
    const names = slugs === '' ? [] : slugs.split(',')
    return [id, { id, name, english, site: site === '' ? null : site, slugs: names }]
  }),
)
