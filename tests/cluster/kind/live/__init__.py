"""What only a real cluster can show. `workbook cluster up` brings the one that these tests run on."""
