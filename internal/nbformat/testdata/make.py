"""Writes the notebooks of this folder with Jupyter's own nbformat.

    pip install nbformat==5.11.1 && python make.py
"""
import nbformat
from nbformat import v4

nb = v4.new_notebook(metadata={
    "kernelspec": {"display_name": "Go (specstress)", "language": "go", "name": "specstress"},
    "language_info": {"name": "go", "file_extension": ".go"},
    "unknown": {"kept": [1, 2.50, -3e-7, True, None, {}], "É": "ß\u2028\u007f"},
})
nb.cells = [
    v4.new_markdown_cell("# Title\n\nlines\x0cand\x0bodd\x85ends\u2028here\r\nlast", id="intro"),
    v4.new_code_cell("const threshold = 1.5\n", id="params", metadata={"tags": ["parameters"]}),
    v4.new_code_cell("fmt.Println(1)", id="run-1", execution_count=3, outputs=[
        v4.new_output("stream", name="stdout", text="1\n\x1b[31mred\x1b[0m\ttab \"quoted\" \\ \x00 </script>\n"),
        v4.new_output("display_data", data={
            "text/plain": "a figure\n", "image/svg+xml": "<svg>\n</svg>\n", "image/png": "iVBORw0KGgo=\n",
            "application/json": {"b": [1, [], {}], "a": "x\ny"}, "application/vnd.x+json": ["l\n", "m"],
            "text/html": "<b>x</b>"}, metadata={"image/png": {"height": 2, "width": 3}}),
        v4.new_output("execute_result", data={"text/plain": ""}, execution_count=3),
        v4.new_output("error", ename="ERROR", evalue="exit status 1", traceback=["line 1", "line 2\n"]),
    ]),
    v4.new_raw_cell("raw", id="raw_cell"),
    v4.new_code_cell("", id="empty"),
]
nb.cells[0]["attachments"] = {"a.png": {"image/png": "iVBORw0KGgo="}}
nbformat.validate(nb)
nbformat.write(nb, "full.ipynb")

empty = v4.new_notebook()
nbformat.write(empty, "empty.ipynb")
