import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openWorld, TOKEN, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.simulator.close());

describe('answers have the recorded shapes', () => {
  test('success echoes every parameter, the token included, with slashes escaped', async () => {
    const answer = await world.ask('Target=Offer&Method=findAll&limit=1&filters[goal_id]=100000');
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(text).toContain('NETsecret\\/1');
    expect(JSON.parse(text)).toEqual({
      request: {
        Target: 'Offer',
        Format: 'json',
        Service: 'HasOffers',
        Version: '2',
        NetworkId: 'demo',
        filters: { goal_id: '100000' },
        Method: 'findAll',
        NetworkToken: TOKEN,
        limit: '1',
      },
      response: {
        status: 1,
        httpStatus: 200,
        data: { page: 1, current: 0, count: 0, pageCount: 0, data: [] },
        errors: [],
        errorMessage: null,
      },
    });
  });

  test('a wrong token is refused over HTTP 200, with the token in the text', async () => {
    const answer = await fetch(`${world.simulator.url}/demo/Apiv3/json?NetworkToken=nope&Target=Offer&Method=findAll`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      request: { NetworkToken: 'nope' },
      response: {
        status: -1,
        httpStatus: 200,
        data: '',
        errors: [{ publicMessage: 'NetworkToken nope is not authenticated' }],
        errorMessage: 'NetworkToken nope is not authenticated',
      },
    });
  });

  test('an unknown network answers without request, status and data, in both forms of the address', async () => {
    const fatal = {
      response: { errors: { publicMessage: 'Network id is not valid' }, link: 'http://developers.hasoffers.com/' },
    };
    expect(await (await world.ask('Target=test&Method=test', { network: 'other' })).json()).toEqual(fatal);
    expect(await (await fetch(`${world.simulator.url}/Apiv3/json?NetworkId=other`)).json()).toEqual(fatal);
  });

  test('a form POST with everything in its body is answered as the GET', async () => {
    const parameters = 'Target=Offer&Method=findAll&limit=2&page=1';
    const [get, post] = [await world.ask(parameters), await world.ask(parameters, { method: 'POST' })];
    expect(await post.json()).toEqual(await get.json());
  });

  test('an address that is too long is an HTML 414', async () => {
    const answer = await world.ask(`Target=Offer&Method=findAll&x=${'y'.repeat(9000)}`);
    expect(answer.status).toBe(414);
    expect(await answer.text()).toContain("The requested URL's length exceeds the capacity limit for this server.");
  });

  test('an unknown method, a missing argument and an address that is not white-listed are refused', async () => {
    await expect(world.data('Target=Offer&Method=nothing')).rejects.toThrow('Offer::nothing');
    await expect(world.data('Target=Affiliate&Method=findById')).rejects.toThrow('Missing required argument: id');
    world.simulator.network('demo').configure({ ipAllowed: false });
    await expect(world.data('Target=Offer&Method=findAll')).rejects.toThrow(/^IP 127.0.0.1 is not white-listed/);
    world.simulator.network('demo').configure({ ipAllowed: true });
  });
});

describe('models', () => {
  test('findAll is a page with a limit and the bare map without', async () => {
    const paged = await world.data('Target=Offer&Method=findAll&limit=3&page=2&sort[id]=asc');
    expect(paged).toMatchObject({ page: '2', current: 0, count: 4, pageCount: 2 });
    expect(Object.keys(paged.data)).toEqual(['14']);
    const bare = await world.data('Target=Offer&Method=findAll&filters[status][]=active&filters[status][]=deleted');
    expect(Object.keys(bare)).toEqual(['11', '12', '14']);
    expect(await world.data('Target=Offer&Method=findAll&filters[id][GREATER_THAN]=100')).toEqual([]);
  });

  test('contained models are objects, and an empty list where there is none', async () => {
    const offers = (await world.data(
      'Target=Offer&Method=findAll&contain[]=Advertiser&contain[]=Goal&fields[]=id',
    )) as unknown as Record<string, unknown>;
    expect(offers['12']).toMatchObject({
      Offer: { id: '12' },
      Advertiser: { id: '501' },
      Goal: { 46: { name: 'LEAD' } },
    });
    expect(offers['13']).toEqual({ Offer: { id: '13' }, Advertiser: [], Goal: [] });
  });

  test('findById says null with status 1 for what is not there', async () => {
    expect(await world.data('Target=Affiliate&Method=findById&id=77')).toBeNull();
    expect(await world.data('Target=Affiliate&Method=findById&id=1002')).toMatchObject({ Affiliate: { id: '1002' } });
  });

  test('a method that the network does not permit is refused', async () => {
    world.simulator.network('demo').configure({ capabilities: { 'Application::getTimezone': false } });
    await expect(world.data('Target=Application&Method=getTimezone')).rejects.toThrow('not permitted');
    world.simulator.network('demo').configure({ capabilities: {} });
    expect(JSON.stringify(await world.data('Target=Application&Method=getTimezone'))).toContain('America/New_York');
  });
});
