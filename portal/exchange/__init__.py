"""Tickets out and in as workbooks: the rows a department corrects, checked row by row before anything is filed."""
