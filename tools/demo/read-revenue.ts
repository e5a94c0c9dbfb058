import type { ApiClient } from './api-client.js';

export interface RevenueRow {
  readonly key: string | null;
  readonly external_offer_id?: string | null;
  readonly currency: string;
  readonly conversions: number;
  readonly revenue: string;
  readonly unconfirmed_revenue: string;
  readonly pending_revenue: string;
}

interface RevenuePage {
  readonly data: readonly RevenueRow[];
  readonly pagination: { readonly total_pages: number };
  readonly as_of_seq: number | string;
}

/** All rows of an integration's revenue, every page as of the same moment of the books. */
export async function readRevenue(
  api: Pick<ApiClient, 'get'>,
  integrationId: string,
  groupBy: string,
): Promise<RevenueRow[]> {
  const rows: RevenueRow[] = [];
  let asOf = '';
  for (let page = 1; ; page += 1) {
    const query = `integration_id=${integrationId}&group_by=${groupBy}&per_page=1000&page=${page}${asOf}`;
    const { data, pagination, as_of_seq } = await api.get<RevenuePage>(`/v1/revenue?${query}`);
    rows.push(...data);
    if (page >= pagination.total_pages) return rows;
    asOf = `&as_of=${as_of_seq}`;
  }
}
