"""Puts the signals of a file into the bank PEER of a running service, in order, a thousand at a time: fill.py BASE FILE

TOKEN in the environment lets it in.
"""

import http.client
import json
import os
import sys
from pathlib import Path

AT_A_TIME = 1_000


def main():
    connection = http.client.HTTPConnection(sys.argv[1].removeprefix("http://"))
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {os.environ['TOKEN']}"}

    def post(path, document):
        connection.request("POST", path, json.dumps(document), headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 201:
            sys.exit(f"{path}: {answer.status} {body}")

    post("/v1/banks", {"name": "PEER"})
    signals = Path(sys.argv[2]).read_text().split()
    for first in range(0, len(signals), AT_A_TIME):
        some = signals[first : first + AT_A_TIME]
        post("/v1/banks/PEER/contents", {"contents": [{"signals": [{"kind": "pdq", "value": value}]} for value in some]})


if __name__ == "__main__":
    main()
