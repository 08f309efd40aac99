"""What Tests/Slurm/run.sh asks of stores, by nothing but SQLite.

check.py count STORE             how many assets are committed; 0 where there is no store yet
check.py compare WHOLE STORE...  whether stores together hold what one does, each row exactly once
"""

import pathlib
import sqlite3
import sys


def rows(store, sql):
    """The rows of a statement. The folder's name may hold what a URI would take as its own."""
    address = (pathlib.Path(store).resolve() / "index.sqlite").as_uri() + "?mode=ro"
    with sqlite3.connect(address, uri=True, timeout=10) as index:
        return index.execute(sql).fetchall()


def count(store):
    try:
        print(rows(store, "SELECT count(*) FROM assets")[0][0])
    except sqlite3.OperationalError:  # Not there yet, or without tables yet.
        print(0)


def compare(whole, *stores):
    statements = {
        "assets": "SELECT name, split, path, sha256, bytes, fate, fate_stage, fate_rule FROM assets",
        "clips": "SELECT assets.name, clips.position, clips.name, clips.fate, clips.fate_rule"
        " FROM clips JOIN assets ON assets.id = asset_id",
        "samples": "SELECT key, split, kept, metadata FROM samples",
        "fields": "SELECT key, name, length, dtype, shape, crc32c"
        " FROM fields JOIN samples ON samples.id = sample_id",
        "measures": "SELECT assets.name, measures.name, value, series"
        " FROM measures JOIN assets ON assets.id = asset_id",
    }
    same = True
    for what, sql in statements.items():
        a = sorted(rows(whole, sql), key=repr)
        b = sorted((row for store in stores for row in rows(store, sql)), key=repr)
        print(f"{what}: {len(a)} in one piece, {len(b)} in {len(stores)}")
        if a != b or not a:
            same = False
            print("  only in one piece:", sorted(set(a) - set(b), key=repr)[:3])
            print("  only in the others:", sorted(set(b) - set(a), key=repr)[:3])
    return same


if __name__ == "__main__":
    command, *stores = sys.argv[1:]
    if command == "count":
        count(*stores)
    else:
        sys.exit(0 if compare(*stores) else 1)
