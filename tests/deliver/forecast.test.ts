import { expect, test } from 'vitest';
import { type ForecastGiven, forecast } from '../../src/deliver/forecast.ts';
import { lanesOf } from '../../src/model/lanes.ts';

const given = (more: Partial<ForecastGiven>): ForecastGiven => ({
  readers: {},
  lanes: lanesOf(),
  connectionsPerProcess: 10,
  processes: 2,
  relay: { perSecond: null, connections: null, messages: null },
  secondsPerMessage: 0.2,
  secondsPerConnection: 0,
  ...more,
});

test('nobody takes no time', () => {
  expect(forecast(given({ readers: { google: 0 } }))).toEqual({ seconds: 0, slowestLane: null, lanes: [] });
});

test('a lane is as fast as its connections, counted over all processes', () => {
  // Google 5, others 2 × 10: 25 and 100 a second.
  expect(forecast(given({ readers: { google: 500, other: 1000 } }))).toEqual({
    seconds: 20,
    slowestLane: 'google',
    lanes: [
      { lane: 'google', readers: 500, seconds: 20, boundBy: 'connections' },
      { lane: 'other', readers: 1000, seconds: 10, boundBy: 'connections' },
    ],
  });
});

test('a process never opens more than it may, and a relay may allow fewer', () => {
  const few = forecast(given({ readers: { google: 100 }, processes: 1, connectionsPerProcess: 2 }));
  expect(few.seconds).toBe(10);
  const relay = { perSecond: null, connections: 1, messages: null };
  expect(forecast(given({ readers: { google: 100 }, relay })).seconds).toBe(20);
});

test('opening connections counts, more often where fewer messages go over each', () => {
  const readers = { apple: 1000, other: 1000 };
  const both = forecast(given({ readers, secondsPerConnection: 1 }));
  // Apple: 10 connections, 5 messages each: 0.4 s a message. Others: 20 and 100: 0.21 s.
  expect(both.lanes.map(({ lane, seconds }) => [lane, seconds])).toEqual([
    ['apple', 40],
    ['other', 11],
  ]);
  const relay = { perSecond: null, connections: null, messages: 1 };
  expect(forecast(given({ readers: { other: 1000 }, secondsPerConnection: 1, relay })).seconds).toBe(60);
});

test('a lane with a rate of its own keeps to it, unless its connections are slower', () => {
  const lanes = lanesOf({ campus: { perSecond: 5, domains: ['snu.ac.kr'] }, google: { perSecond: 1000 } });
  expect(forecast(given({ lanes, readers: { campus: 100, google: 100 } })).lanes).toEqual([
    { lane: 'campus', readers: 100, seconds: 20, boundBy: 'rate' },
    { lane: 'google', readers: 100, seconds: 4, boundBy: 'connections' },
  ]);
});

test('a relay’s rate is shared; what one lane leaves of its share the others take', () => {
  const relay = { perSecond: 50, connections: null, messages: null };
  // Naver can do 15, so others get 35 until it is done after 20 s; then 50.
  const shared = forecast(given({ relay, readers: { naver: 300, other: 1700 } }));
  expect(shared).toEqual({
    seconds: 40,
    slowestLane: 'other',
    lanes: [
      { lane: 'other', readers: 1700, seconds: 40, boundBy: 'relay' },
      { lane: 'naver', readers: 300, seconds: 20, boundBy: 'connections' },
    ],
  });
});

test('a lane that an operator took away is reckoned as the others are', () => {
  expect(forecast(given({ readers: { gone: 1000 } })).seconds).toBe(10);
});
