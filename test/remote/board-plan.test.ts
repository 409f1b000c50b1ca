// A plan on a board beside what runs on this machine: looked at only while it is asked for and somebody watches, ended with its host.
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { SeenBeside } from '../../src/model/plan/drift/beside.ts';
import { plannedTopology } from '../../src/model/plan/machine.ts';
import { hostFromTopology } from '../../src/remote/recorded/dump-host.ts';
import type { BoardSession } from '../../src/remote/board/session.ts';
import { waitFor } from '../support/processes.ts';
import { endSessions, newSession, openPage } from './boards.ts';
import type { TestPage } from './boards.ts';
import { hasCode, localHost, variant } from './measuring.ts';

const PLAN = `schema: numa-pinboard/plan/1
blocks:
  - { name: no-such-thing, kind: process, cpus: "0" }
`;

async function opened(session: BoardSession): Promise<{ page: TestPage; show(text: string): void }> {
  const nothing = { read: () => Promise.resolve(PLAN), write: () => Promise.resolve(), editor: null };
  const desk = await session.plan.open('a.plan.yaml', nothing);
  desk.show(PLAN);
  return { page: await openPage(session), show: (text) => desk.show(text) };
}

const compare = (page: TestPage, on: boolean): Promise<unknown> => page.client.request('plan', { act: 'compare', on });
const patient = { timeoutMs: 60_000 };

describe('a plan beside its host, on a board', { timeout: 180_000 }, () => {
  afterEach(endSessions);

  it('is refused where nothing can run', async () => {
    const session = newSession();
    const { page } = await opened(session);
    await assert.rejects(compare(page, true), hasCode('not-connected'));
    await session.useHost(hostFromTopology(plannedTopology('node:1 core:2 pu:1')));
    await assert.rejects(compare(page, true), hasCode('unsupported'));
    assert.equal(page.board().beside, null);
    await compare(page, false);
  });

  it('is seen while a page shows, told as outdated once the plan is another, and ends with the host', async () => {
    const host = localHost();
    let shells = 0;
    const counted = { ...host.transport, shell: (end?: AbortSignal) => (shells++, host.transport.shell(end)) };
    const session = newSession();
    await session.useHost(variant(host, { transport: counted }));
    const { page, show } = await opened(session);
    await compare(page, true);
    assert.deepEqual(page.board().beside, { waits: null, problem: null, seen: null });
    const before = shells;
    await compare(page, true);
    assert.equal(shells, before, 'nobody watches: nothing is looked at, and twice asked is once');
    await page.client.request('watch', { visible: true });
    const seen = (): SeenBeside | null | undefined => page.board().beside?.seen;
    await waitFor(() => seen(), { what: 'a look', ...patient });
    // Others may well work on its CPU.
    assert.match(seen()?.diagnosis.sentence ?? '', /^0 of 1 block runs as planned; 1 does not run here[.;]/);
    show(PLAN.replace('cpus: "0"', 'cores: 1, node: 0'));
    await waitFor(() => seen()?.outdated === true, { what: 'that it is of the plan before', ...patient });
    await waitFor(() => seen()?.outdated === false, { what: 'a look at the plan as it is', ...patient });
    await session.disconnect();
    assert.equal(page.board().beside, null);
    const told = page.events.flatMap((event) => (event.event === 'notice' ? [event.message] : []));
    assert.match(told.join('\n'), /no longer compared: its host is not connected/);
  });

  it('says why a look failed, and leaves a host alone that has gone', async () => {
    const host = localHost();
    const session = newSession();
    let fails = false;
    const shell = (end?: AbortSignal): ReturnType<typeof host.transport.shell> =>
      fails ? Promise.reject(new Error('no shell today')) : host.transport.shell(end);
    await session.useHost(variant(host, { transport: { ...host.transport, shell } }));
    const { page } = await opened(session);
    fails = true;
    await page.client.request('watch', { visible: true });
    await compare(page, true);
    const problem = await waitFor(() => page.board().beside?.problem, { what: 'the failure', ...patient });
    assert.match(problem.message, /no shell today/);
    await compare(page, false);
    assert.equal(page.board().beside, null);
  });
});
