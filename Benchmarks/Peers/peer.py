"""The loop that every peer of the benchmarks runs: one JSON object a line, in and out.

A peer's first line names the packages that it needs, pinned, as pip takes them:

    # requires: numpy==2.4.6 scipy==1.17.1

The benchmarks make a virtual environment from that line and keep the peer running beside them, so
that both sides work on the same inputs in turn and no start of an interpreter is timed.

    {"do": "prepare", "case": C, "inputs": {NAME: PATH}, "options": {...}}   read inputs, untimed
    {"do": "run"}                       the work, once: {"seconds": 0.01, "processor": 0.02} by this
                                        process's clocks, of the wall and of all its threads
    {"do": "save", "to": PATH}          writes the last run's result, for the check of agreement
"""

import json
import os
import sys
import time
import traceback


def serve(load, prepare, run, save=None):
    """Answers requests until the input ends.

    load():                          imports what the peer needs and returns {package: version}; an
                                     exception there makes the peer absent, with its message
    prepare(case, inputs, options):  returns what `run` gets
    run(state):                      the timed work; its result is kept for `save`
    save(result, path):              writes a result to a file
    """
    # Whatever a library prints goes to the error stream; replies have the output for themselves.
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def reply(**values):
        replies.write(json.dumps(values) + "\n")
        replies.flush()

    try:
        versions = load()
    except BaseException as error:
        reply(absent=f"{type(error).__name__}: {error}")
        return
    reply(ready=True, versions=versions)
    state = result = None
    for line in sys.stdin:
        try:
            request = json.loads(line)
            if request["do"] == "prepare":
                result = None
                state = prepare(request["case"], request["inputs"], request["options"])
                reply(ok=True)
            elif request["do"] == "run":
                start, processor = time.perf_counter(), time.process_time()
                result = run(state)
                reply(
                    seconds=time.perf_counter() - start,
                    processor=time.process_time() - processor,
                )
            elif request["do"] == "save":
                save(result, request["to"])
                reply(ok=True)
            else:
                reply(error=f"unknown request {request['do']}")
        except BaseException as error:
            traceback.print_exc()
            reply(error=f"{type(error).__name__}: {error}")
