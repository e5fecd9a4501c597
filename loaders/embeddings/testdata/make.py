"""Makes the files beside it with NumPy and pyarrow, which share no code with
the readers under test. Element j of row i is (10*i + j) / 8, exact in float32.

    python make.py          # numpy 2.4.6, pyarrow as printed
"""

import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

here = pathlib.Path(__file__).parent
x = (10 * np.arange(5)[:, None] + np.arange(3)[None, :]) / 8

for name, dtype, version in [
    ("v1_f4", "<f4", (1, 0)),
    ("v2_f4", "<f4", (2, 0)),
    ("v3_f4", "<f4", (3, 0)),
    ("v1_f8", "<f8", (1, 0)),
    ("big_f4", ">f4", (1, 0)),
    ("big_f8", ">f8", (1, 0)),
]:
    with open(here / f"{name}.npy", "wb") as f:
        np.lib.format.write_array(f, x.astype(dtype), version=version)
with open(here / "fortran.npy", "wb") as f:
    np.lib.format.write_array(f, np.asfortranarray(x.astype("<f4")))
x.astype("<f4").tofile(here / "raw.f32")

keys = {"chunk_index": pa.array([7, 7, 8, 8, 9]), "entry_idx": pa.array([0, 1, 0, 1, 0]),
        "nudge_direction": pa.array(["neutral", "value1", "value2", "neutral", "value1"])}
lists = [list(map(float, row)) for row in x]
for name, kind in [("list_f4", pa.list_(pa.float32())), ("list_f8", pa.list_(pa.float64())), ("fixed_f4", pa.list_(pa.float32(), 3))]:
    table = pa.table({**keys, "embedding": pa.array(lists, kind)} if name == "list_f4" else {"embedding": pa.array(lists, kind)})
    pq.write_table(table, here / f"{name}.parquet", row_group_size=2)
pq.write_table(pa.table({"embedding": pa.array([[1.0, 2.0], None, [3.0, 4.0]])}), here / "null_list.parquet")
pq.write_table(pa.table({"embedding": pa.array([[1.0, 2.0], [3.0, None]])}), here / "null_number.parquet")
pq.write_table(pa.table({"embedding": pa.array([[1.0, 2.0], [3.0]])}), here / "ragged.parquet")
print("numpy", np.__version__, "pyarrow", pa.__version__)
