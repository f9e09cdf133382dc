"""M/D/1 in SimPy (simpy.readthedocs.io), as its own examples write a queue: REQUESTS UTILIZATION SEED."""
import json
import random
import sys
import time

import simpy

requests, utilization, seed = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
random.seed(seed)
env = simpy.Environment()
server = simpy.Resource(env, capacity=1)
total = 0.0


def request():
    global total
    came = env.now
    with server.request() as turn:
        yield turn
        yield env.timeout(1)
    total += env.now - came


def traffic():
    for _ in range(requests):
        yield env.timeout(random.expovariate(utilization))
        env.process(request())


start = time.perf_counter()
env.process(traffic())
env.run()
seconds = time.perf_counter() - start
print(json.dumps({"requestsPerSecond": requests / seconds, "meanLatencySeconds": total / requests}))
