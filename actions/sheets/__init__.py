"""The fiches of a pact as a workbook: written, read back, verified, then taken in whole or not at all.

`columns` names the sheets and their columns, `book` reads and writes the file, `rows` turns fiches into cells,
`words` turns cells into what the form of the fiche expects, `verify` says what a file would change.
The file that is handed out is the file that is accepted.
"""
