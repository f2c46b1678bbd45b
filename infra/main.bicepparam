// The clinic's parameters. What is not named here has the default of main.bicep; README.md lists them all.
using 'main.bicep'

param alertEmail = 'it@example.org'
param clinicTimeZone = 'America/New_York'

// Whoever sets the secrets and runs the command line: az ad signed-in-user show --query id --output tsv
param operatorId = ''

// The group of staff who decide reviews: az ad group show --group 'Front desk' --query id --output tsv
param staffGroupId = ''
