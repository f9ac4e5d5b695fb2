"""Runs SPARQL in worker processes, so that no query can harm the server or another query.

    with Engine(graph.folder / "store") as engine:
        answer = engine.run(Question(query, {"solutions": "json"}))     # from any thread
        answer = await engine.run_async(Question(query, ANY_FORM))      # from Starlette
        solutions = engine.select("SELECT …")                           # as a Store does

A query begins in the fast lane. After ``limits.slice`` seconds its worker is demoted: it gets a
lower priority, and a fresh worker takes its place. Only ``limits.slow`` demoted queries run at a
time, and ``limits.waiting`` more may wait for that. A worker over the time limit is killed, since
pyoxigraph cannot cancel a query. An answer over a limit is an error, never a part of the answer.
A query whose asker has gone is stopped (``cancellation``); so is every query when the server stops.
Under a watch, an answer from files that were damaged meanwhile does not count: the question is put
again, to workers that opened what was written anew.
Own code, since no pool of processes (``concurrent.futures``, pebble) demotes a task while it runs.
"""

from __future__ import annotations

import queue
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, TypeVar, TypeVarTuple, Unpack

import pyoxigraph as ox

from jagraph.core.errors import JagraphError, OutsideError
from jagraph.core.messages import Message
from jagraph.query.workers import cancellation
from jagraph.query.workers.errors import LimitError, busy, closing, store_gone
from jagraph.query.workers.process import WorkerDiedError, WorkerProcess, called
from jagraph.query.workers.question import Answer, Limits, Question, answer_of
from jagraph.query.workers.threads import AskingThreads
from jagraph.store.admission import admit
from jagraph.store.base import Solutions
from jagraph.store.file_watch import Watch

Given = TypeVarTuple("Given")
Done = TypeVar("Done")
_IN_MEMORY = 1 << 20
_TICK = 0.05


class Engine:
    """The pool of workers over the store in ``folder``; to be closed."""

    def __init__(
        self,
        folder: Path,
        limits: Limits | None = None,
        *,
        allow_service: bool = False,
        watch: Watch | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._folder = folder
        self._watch = watch
        self.allow_service = allow_service
        self._lock = threading.Lock()
        self._workers: set[WorkerProcess] = set()
        self._closed = False
        # None is a place whose worker is still to be started
        self._idle: queue.SimpleQueue[WorkerProcess | None] = queue.SimpleQueue()
        self._seats = threading.Semaphore(self.limits.slow)
        self._line = threading.Semaphore(self.limits.waiting)
        self._foreign = threading.Semaphore(max(1, self.limits.fast - 1))
        self._threads = AskingThreads(self.limits.threads, self.limits.patience)
        for _ in range(self.limits.fast):
            self._idle.put(self._start())

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        reason: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every worker; queries that run or wait end with an error that says so."""
        with self._lock:
            self._closed = True
            workers = list(self._workers)
        for worker in workers:
            self._end(worker)
        self._idle.put(None)  # whoever waits for a worker finds that none can be started

    def run(self, question: Question) -> Answer:
        """Return the answer to ``question``.

        Raises RequestError for a query that is wrong, LimitError for one that takes too much,
        BusyError when too many long ones run, OutsideError when the graph is damaged.
        """
        admit(question.query, allow_service=self.allow_service)
        if self._watch is None:
            return self._run(question)
        return self._watch.sure(lambda: self._run(question))

    def _run(self, question: Question) -> Answer:
        asked = cancellation.asked()
        message = question.message(self.limits)
        into: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115, goes with it
        with self._lane(question):
            last, worker, until = self._answered_fast(message, into, asked)
        if last is None:
            last = self._go_on(worker, message, into, until, asked)
        return answer_of(last, question, into, self.limits)

    @contextmanager
    def _lane(self, question: Question) -> Iterator[None]:
        """Let foreign queries have all workers but one; raises BusyError when they do too long."""
        if not question.foreign:
            yield
            return
        if not self._foreign.acquire(timeout=self.limits.patience):
            raise busy()
        try:
            yield
        finally:
            self._foreign.release()

    def _answered_fast(
        self, message: bytes, into: IO[bytes], asked: cancellation.Recall
    ) -> tuple[tuple[bytes, bytes] | None, WorkerProcess, float]:
        """Run a query in the fast lane; return what ``_begin`` does, and its worker."""
        worker = self._free()
        fit = True
        try:
            asked.check()
            fit = False
            with asked.ended_by(worker.kill):
                last, until = self._begin(worker, message, into, asked)
            asked.check()  # it may have been killed when it was done
            fit = last is not None
        except JagraphError:
            if not fit:
                self._end(worker)
            raise
        finally:
            # the fast lane is never short of a worker
            self._idle.put(worker if fit else self._another())
        return last, worker, until

    def _free(self) -> WorkerProcess:
        """Return a worker that has nothing to do; raises BusyError when there is none in time."""
        try:
            worker = self._idle.get(timeout=self.limits.patience)
        except queue.Empty:
            raise busy() from None
        if worker is not None and worker.lives() and worker.turn == self._turn():
            return worker
        try:
            if worker is not None:
                self._end(worker)
            return self._start()
        except OutsideError:
            self._idle.put(None)
            raise

    def _another(self) -> WorkerProcess | None:
        """Return a new worker, or None where none can be started now."""
        try:
            return self._start()
        except OutsideError:
            return None

    def _begin(
        self, worker: WorkerProcess, message: bytes, into: IO[bytes], asked: cancellation.Recall
    ) -> tuple[tuple[bytes, bytes] | None, float]:
        """Run a query for its slice of computing; return the last frame, or None when not done.

        The second is when its time is up.
        """
        try:
            worker.ask(message)
            until = time.monotonic() + self.limits.seconds
            rest = self.limits.slice
            last = None
            while last is None and rest > 0 and time.monotonic() < until:
                last = worker.collect(into, min(until, time.monotonic() + max(rest, _TICK)))
                rest = self.limits.slice - worker.computed()
            return last, until
        except WorkerDiedError:
            raise self._died(worker, asked) from None

    def _go_on(
        self,
        worker: WorkerProcess,
        message: bytes,
        into: IO[bytes],
        until: float,
        asked: cancellation.Recall,
    ) -> tuple[bytes, bytes]:
        """Go on in the slow lane: at once, or from the beginning when a seat is free."""
        again = not self._seats.acquire(blocking=False)
        if again:
            self._end(worker)
            self._wait_for_seat(asked)
        try:
            if again:
                worker = self._start()
                into.seek(0)
                into.truncate()
            with asked.ended_by(worker.kill):
                if again:
                    worker.ask(message)
                    until = time.monotonic() + self.limits.seconds
                worker.lower()
                last = worker.collect(into, until)
        except WorkerDiedError:
            raise self._died(worker, asked) from None
        finally:
            self._end(worker)
            self._seats.release()
        if last is None:
            raise LimitError(
                "time-limit",
                Message("error-time-limit", seconds=f"{self.limits.seconds:g}"),
                remedy=Message("help-less-paths"),
            )
        return last

    def _wait_for_seat(self, asked: cancellation.Recall) -> None:
        if not self._line.acquire(blocking=False):
            raise busy()
        until = time.monotonic() + self.limits.patience
        try:
            while not self._seats.acquire(timeout=_TICK):
                asked.check()
                if self._closed:
                    raise closing()
                if time.monotonic() > until:
                    raise busy()
        finally:
            self._line.release()

    def _start(self) -> WorkerProcess:
        """Return a new worker; raises OutsideError when the engine is closed or the system full."""
        try:
            worker = WorkerProcess(self._folder, self.limits.memory, self._turn())
        except OSError as reason:
            raise OutsideError(
                "no-worker",
                Message("error-no-worker", reason=str(reason.strerror)),
                remedy=Message("help-again-soon"),
            ) from reason
        with self._lock:
            if not self._closed:
                self._workers.add(worker)
                return worker
        worker.end()
        raise closing()

    def _turn(self) -> int:
        return self._watch.turn if self._watch is not None else 0

    def _end(self, worker: WorkerProcess) -> int:
        with self._lock:
            if worker not in self._workers:
                return 0
            self._workers.remove(worker)
        return worker.end()

    def _died(self, worker: WorkerProcess, asked: cancellation.Recall) -> JagraphError:
        """Return why a query has lost its worker; raises OutsideError when it was taken back."""
        signal = self._end(worker)
        asked.check()
        if self._closed:
            return closing()
        if not worker.began:
            return store_gone()
        return LimitError(
            "memory-limit",
            Message(
                "error-memory-or-nesting", size=self.limits.memory >> 20, signal=called(signal)
            ),
            remedy=Message("help-less-cells"),
        )

    async def run_async(self, question: Question) -> Answer:
        """Return the answer to ``question``, as ``run`` does, without holding up the event loop."""
        return await self.aside(self.run, question)

    async def aside(self, work: Callable[[Unpack[Given]], Done], *given: *Given) -> Done:
        """Return what ``work`` returns, which asks this engine; see ``AskingThreads.run``."""
        return await self._threads.run(work, *given)

    def select(self, query: str) -> Solutions:
        """Return the solutions of a SELECT query."""
        content = self.run(Question(query, {"solutions": "json"})).read()
        results = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
        if not isinstance(results, ox.QuerySolutions):
            raise TypeError("solutions were asked for")
        variables = [variable.value for variable in results.variables]
        return Solutions(variables, [tuple(row) for row in results])

    def construct(self, query: str) -> list[ox.Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE query."""
        content = self.run(Question(query, {"triples": "nt"})).read()
        return [quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)]

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK query."""
        return self.run(Question(query, {"boolean": "tsv"})).read() == b"true\n"

    def triples(self, graph: str) -> Iterator[ox.Triple]:
        """Yield the triples of one named graph."""
        where = f"GRAPH {ox.NamedNode(graph)} {{ ?s ?p ?o }}"
        yield from self.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}")
