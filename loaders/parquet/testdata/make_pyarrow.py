"""Writes the small files that pyarrow_test.go reads.

Every value follows from its row number by the formulas below, which the
test repeats, so that expected values come from here and not from the
reader. Run with: python make_pyarrow.py (pyarrow 26.0.1 made the files
that are committed).
"""

import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).parent / "pyarrow"
HERE.mkdir(exist_ok=True)
ROWS = 300


def position(i):
    """Row i's score: NULL in every eleventh row, else 0..6."""
    return None if i % 11 == 3 else (i * 5) % 7


def text(i):
    """Row i's text: NULL in every seventh row, else with a line break."""
    return None if i % 7 == 5 else f"row {i}: \u00e9t\u00e9,\n\u201cquoted\u201d {'x' * (i % 40)}"


VALUES = ["honesty", "efficiency", "user agency", "caf\u00e9 culture"]


def columns():
    n = range(ROWS)
    return {
        "rank": pa.array([i - 7 for i in n], pa.int64()),
        "p64": pa.array([position(i) for i in n], pa.int64()),
        "p32": pa.array([position(i) for i in n], pa.int32()),
        "p8": pa.array([position(i) for i in n], pa.int8()),
        "pu16": pa.array([position(i) for i in n], pa.uint16()),
        "pdouble": pa.array([None if position(i) is None else float(position(i)) for i in n], pa.float64()),
        "pfloat": pa.array([None if position(i) is None else float(position(i)) for i in n], pa.float32()),
        "value1": pa.array([VALUES[i // 3 % 4] for i in n], pa.string()),
        "query": pa.array([text(i) for i in n], pa.string()),
    }


def write(name, table, **options):
    pq.write_table(table, HERE / f"{name}.parquet", **options)


flat = pa.table(columns())

write("snappy", flat, row_group_size=100)
write("plain", flat, row_group_size=128, use_dictionary=False, compression="none", data_page_size=512)
write("zstd_v2", flat, row_group_size=300, compression="zstd", data_page_version="2.0", data_page_size=512, write_page_checksum=True)
write("gzip_v2", flat, row_group_size=77, compression="gzip", data_page_version="2.0")
write("checksum", flat, row_group_size=100, write_page_checksum=True, write_page_index=True)
write(
    "delta",
    flat,
    use_dictionary=False,
    column_encoding={
        **{c: "DELTA_BINARY_PACKED" for c in ["rank", "p64", "p32", "p8", "pu16"]},
        **{c: "BYTE_STREAM_SPLIT" for c in ["pdouble", "pfloat"]},
        "value1": "DELTA_BYTE_ARRAY",
        "query": "DELTA_LENGTH_BYTE_ARRAY",
    },
    data_page_version="2.0",
    version="2.6",
)
# A dictionary that grows too large: the chunk goes on with plain pages.
write("fallback", flat, dictionary_pagesize_limit=1000, data_page_size=400, write_batch_size=16)

# The same values in other arrow types.
kinds = columns()
kinds["value1"] = kinds["value1"].dictionary_encode()
kinds["query"] = kinds["query"].cast(pa.large_string())
write("kinds", pa.table(kinds), row_group_size=100)
raw = columns()
for c in ["value1", "query"]:
    raw[c] = raw[c].cast(pa.binary())  # BYTE_ARRAY without the UTF8 annotation
write("binary", pa.table(raw), row_group_size=100)

# Required columns: no definition levels at all.
required = pa.schema([pa.field(c, flat.schema.field(c).type, nullable=False) for c in ["rank", "value1"]])
write("required", pa.table([flat["rank"], flat["value1"]], schema=required), row_group_size=100)

# Nested columns in front of the ones that are asked for.
spectrum = pa.array(
    [
        None if i % 5 == 1 else [] if i % 5 == 2 else [{"position": j, "response": f"r{i}-{j}" if j % 2 else None} for j in range(i % 4 + 1)]
        for i in range(ROWS)
    ],
    pa.list_(pa.struct([("position", pa.int64()), ("response", pa.string())])),
)
meta = pa.array([None if i % 6 == 4 else {"a": i, "b": {"c": i % 2 == 0}} for i in range(ROWS)], pa.struct([("a", pa.int32()), ("b", pa.struct([("c", pa.bool_())]))]))
tags = pa.array([[("k<1>", i * 0.5), ("k2", None)] if i % 2 else [] for i in range(ROWS)], pa.map_(pa.string(), pa.float64()))
deep = pa.array([[[i], [], [i, i + 1]] if i % 3 else None for i in range(ROWS)], pa.list_(pa.list_(pa.int16())))
nested = pa.table({"value1_spectrum": spectrum, "meta": meta, "tags": tags, "deep": deep, **columns()})
write("nested", nested, row_group_size=100)
write("nested_v2", nested, row_group_size=100, compression="zstd", data_page_version="2.0", data_page_size=256)

# Nothing, in three ways.
write("no_rows", flat.slice(0, 0))
with pq.ParquetWriter(HERE / "no_row_groups.parquet", flat.schema):
    pass
with pq.ParquetWriter(HERE / "empty_row_group.parquet", flat.schema) as w:
    w.write_table(flat.slice(0, 100))
    w.write_table(flat.slice(0, 0))
    w.write_table(flat.slice(100, 200))

# Values that are no positions, and a column of nothing but NULL.
bad = {
    "p": pa.array([6, 7, None, -1, 2**40, 0], pa.int64()),
    "d": pa.array([3.0, 2.5, None, float("nan"), float("inf"), -0.0], pa.float64()),
    "u": pa.array([2**64 - 1, 1, 2, 3, 4, 5], pa.uint64()),
    "nulls": pa.nulls(6),
    "none": pa.array([None] * 6, pa.string()),
    "when": pa.array([0] * 6, pa.timestamp("us")),
    "flag": pa.array([True, False, None, True, True, False]),
}
write("bad", pa.table(bad).replace_schema_metadata({"origin": "make_pyarrow.py"}), row_group_size=3)
