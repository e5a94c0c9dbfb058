/** Bodies as TUNE's API sent them (tokens aside), and what is built from them where none was recorded. */

export const PAGE_ENVELOPE_EMPTY =
  '{"request":{"Target":"Conversion","Format":"json","Service":"HasOffers","Version":"2","NetworkId":"***","Method":"findAll","NetworkToken":"***","limit":"1"},"response":{"status":1,"httpStatus":200,"data":{"page":1,"current":0,"count":0,"pageCount":0,"data":[]},"errors":[],"errorMessage":null}}';

export const NETWORK_ID_NOT_VALID =
  '{"response":{"errors":{"publicMessage":"Network id is not valid"},"link":"http:\\/\\/developers.hasoffers.com\\/"}}';

export const FORMAT_NOT_SUPPORTED =
  '{"response":{"errors":[{"publicMessage":"Unsupported output format in URL"}],"link":"http://developers.hasoffers.com/"}}';

/** The envelope of a refusal; the token is repeated as TUNE repeats it. */
export function refusal(text: string, token = 'NETtoken'): string {
  return JSON.stringify({
    request: { Target: 'Offer', Format: 'json', Service: 'HasOffers', Version: '2', NetworkToken: token },
    response: { status: -1, httpStatus: 200, data: '', errors: [{ publicMessage: text }], errorMessage: text },
  });
}

export function success(data: unknown): string {
  return JSON.stringify({
    request: { Format: 'json', Service: 'HasOffers', Version: '2' },
    response: { status: 1, httpStatus: 200, data, errors: [], errorMessage: null },
  });
}

export const RATE_LIMIT_TEXT =
  'blabla.  API usage exceeded rate limit.  Configured: 50/10s window; Your usage: 51.  See https://help.tune.com/hasoffers/rate-limit-error/ for guidance.';

export const OFFERS_PAGED =
  '{"response":{"status":1,"httpStatus":200,"data":{"page":"1","current":0,"count":3,"pageCount":1,"data":{"120":{"Offer":{"id":"120","display_advertiser":"0","advertiser_id":"500","name":"Mock - IQ - Incent","description":"Mock description line 1!\\r\\n\\r\\nMock description line 2!","require_terms_and_conditions":0,"preview_url":"https://joscor.com/?hasoffers_mock=1","offer_url":"https://joscor.com/?hasoffers_mock=2","currency":null,"default_payout":"0.90000","max_payout":"1.20000","status":"active","payout_type":"cpa_flat","percent_payout":null},"Advertiser":{"id":"500","company":"Caf\\u00e9 & Co"}},"7":{"Offer":{"id":7,"advertiser_id":"0","name":"Deleted one","offer_url":"http:\\/\\/www.nvrcp.com\\/?transaction_id={transaction_id}","currency":"EUR","default_payout":900.00000,"percent_payout":"90.00","payout_type":"cpa_flat","status":"deleted"},"Advertiser":[]},"x":{"Offer":{"name":"no id"}}}},"errors":[],"errorMessage":null}}';

export const OFFERS_BARE =
  '{"response":{"status":1,"httpStatus":200,"data":{"62":{"Offer":{"id":"62","name":"A","status":"active","advertiser_id":"5"},"Country":{"ES":{"id":"724","code":"ES","name":"spain","regions":[]}},"Advertiser":{"5":{"id":"5","company":"Five"}}}},"errors":{},"errorMessage":null}}';

export const REPORT_PAGE =
  '{"response":{"status":"1","httpStatus":200,"data":{"page":1,"current":1000,"count":"2","pageCount":1,"currency_columns":["Stat.payout@CZK"],"data":[{"Stat":{"tune_event_id":"ev-1","ad_id":"102df73d132745e59cd739d17c92df","offer_id":7,"goal_id":"0","affiliate_id":"3","datetime":"2024-05-02 10:43:11","session_datetime":null,"status":"approved","payout":12345678901234567.12345,"revenue":2.5e2,"currency":"CZK","payout@CZK":"200.00000","is_adjustment":false,"source":""},"ConversionsMobile":[],"Offer":{"name":"\\u017dlu\\u0165"}},"nonsense"],"dbSource":"branddb"},"errors":[],"errorMessage":null}}';
