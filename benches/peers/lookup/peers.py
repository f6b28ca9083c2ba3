"""Times SQLite and hfind on the same made-up digests: peers.py LIST MISSES; one line of JSON each."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
import time

listed, misses = sys.argv[1], sys.argv[2]
folder = os.path.dirname(os.path.abspath(listed))


def report(way, entries, lookups, found, cpu_s, size):
    print(json.dumps({
        "way": way, "entries": entries, "lookups": lookups, "found": found, "cpu_ms": round(cpu_s * 1000),
        "lookups_per_s": round(lookups / max(cpu_s, 1e-9)), "bytes_per_key": round(size / entries, 2),
    }), flush=True)


def digests(path, limit=None):
    with open(path, encoding="ascii") as lines:
        for number, line in enumerate(lines):
            if limit is not None and number >= limit:
                return
            yield line[:32]


# SQLite: a table without row ids is one B-tree by digest, as small and as fast as SQLite has it.
database = os.path.join(folder, "peer.db")
if os.path.exists(database):
    os.remove(database)
store = sqlite3.connect(database)
store.execute("PRAGMA journal_mode = OFF")
store.execute("PRAGMA cache_size = -1000000")
store.execute("CREATE TABLE listed (md5 BLOB PRIMARY KEY) WITHOUT ROWID")
rows = sorted(bytes.fromhex(digest) for digest in digests(listed))
store.executemany("INSERT OR IGNORE INTO listed VALUES (?)", ((row,) for row in rows))
store.commit()
entries = len(rows)
del rows
queries = [(bytes.fromhex(digest),) for digest in digests(misses, 200_000)]
find = "SELECT 1 FROM listed WHERE md5 = ?"
for query in queries[:20_000]:
    store.execute(find, query).fetchone()
start = time.process_time()
found = sum(store.execute(find, query).fetchone() is not None for query in queries)
report("SQLite, from Python, digests not listed", entries, len(queries), found,
       time.process_time() - start, os.path.getsize(database))

# hfind of the Sleuth Kit: an index beside the list, then a file of digests.
subprocess.run(["hfind", "-i", "md5sum", listed], check=True, stdout=subprocess.DEVNULL)
few = os.path.join(folder, "few.txt")
with open(few, "w", encoding="ascii") as out:
    out.writelines(digest + "\n" for digest in digests(misses, 20_000))
before = resource.getrusage(resource.RUSAGE_CHILDREN)
answer = subprocess.run(["hfind", "-f", few, listed], check=True, capture_output=True, text=True)
after = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
index = sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder)
            if name.startswith(os.path.basename(listed) + "-"))
answers = answer.stdout.splitlines()
found = sum("Not Found" not in line for line in answers)
report("hfind, digests not listed", entries, len(answers), found, cpu, index)
