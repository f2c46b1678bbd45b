// All that a clinic needs in Azure, in one resource group: the function app, storage, the vault for two secrets, logs,
// alerts and a workbook. No key and no connection string of storage anywhere: the app signs in with its own identity.
//
// Steps, parameters, costs and failures are in README.md, in this folder.
targetScope = 'resourceGroup'

// Where and what.

@description('Begins the names of all resources. Lower-case letters, digits and hyphens.')
@minLength(3)
@maxLength(16)
param name string = 'spruce-consent'

@description('The region. Flex Consumption must be offered there: az functionapp list-flexconsumption-locations')
param location string = resourceGroup().location

@description('Put on every resource.')
param tags object = {}

@description('How storage is kept: GRS is three copies in the region and three in its pair, ZRS three in three zones.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS', 'Standard_RAGRS', 'Standard_RAGZRS'])
param storageSku string = 'Standard_GRS'

@description('Keeps the storage accounts from being deleted by mistake: Table Storage has no undelete.')
param lockStorage bool = true

// The app.

@description('Keeps one instance of the webhook warm: Spruce waits five seconds, and a cold start may take longer.')
param alwaysReady bool = true

@description('Memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 512

@description('The most instances at once.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('True while a new signing secret is brought in: spruce-webhook-secret-previous counts too.')
param rotatingWebhookSecret bool = false

// How replies are taken. Empty means the program's own default; the main README says what each does.

@description('Base address of Spruce\'s API.')
param spruceApiBaseUrl string = 'https://api.sprucehealth.com/v1'

@description('A regular expression that recognises the clinic\'s requests; empty takes the built-in one.')
param consentRequestPattern string = ''

@description('How long a request may be answered, in days.')
@minValue(1)
@maxValue(3650)
param consentReplyWindowDays int = 30

@description('Spruce\'s conversation types that count, separated by commas.')
param consentChannels string = 'phone,secure'

@description('The clinic\'s own replies that consent, exact, separated by commas.')
param consentKeywords string = ''

@description('The clinic\'s own replies that decline, exact, separated by commas.')
param declineKeywords string = ''

@description('Sent back once to a patient whose consent takes effect; empty sends nothing.')
param consentConfirmation string = ''

@description('Sent back once to a patient whose refusal takes effect; empty sends nothing.')
param declineConfirmation string = ''

@description('The clinic\'s time zone, by its IANA name.')
param clinicTimeZone string = 'UTC'

@description('The least important log line that is printed.')
@allowed(['error', 'warn', 'info', 'debug', 'trace'])
param logLevel string = 'info'

// People.

@description('Gets the alerts.')
param alertEmail string

@description('Object id of the Entra group of staff who decide reviews; empty for none.')
param staffGroupId string = ''

@description('Object id of whoever sets the secrets and runs the command line; empty for nobody.')
param operatorId string = ''

@description('What operatorId is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param operatorType string = 'User'

// Network.

@description('Puts storage and vault behind private endpoints, and the app into a network of its own.')
param privateNetwork bool = false

@description('With a private network: public addresses (CIDR) from which people reach storage and vault.')
param allowedIpRanges array = []

// Logs.

@description('How long logs can be searched, in days.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('How long it is kept who read or wrote rows, exports and secrets, in days; 0: logRetentionDays.')
@allowed([0, 365, 730, 1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653, 4018, 4383])
param auditRetentionDays int = 2191

@description('False keeps the alerts silent, for example until the endpoint is registered.')
param alertsEnabled bool = true

var token = uniqueString(resourceGroup().id, name)
// Storage accounts: 3 to 24 lower-case letters and digits. Vaults: 3 to 24, with hyphens. Both unique in the world.
var storageName = 'st${take(replace(name, '-', ''), 9)}${token}'
var vaultName = 'kv-${take(replace(name, '-', ''), 7)}-${token}'
var backupName = 'bk${take(replace(name, '-', ''), 9)}${token}'
var appName = '${name}-${token}'

// The program's names; a test compares them.
var queueNames = ['spruce-events', 'spruce-events-poison']
var tableNames = ['ConsentStatus', 'ConsentHistory', 'ConsentReview']
// Staff write this table and only read the others.
var staffWrites = 'ConsentReview'

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    name: name
    location: location
    tags: tags
    logRetentionDays: logRetentionDays
    auditRetentionDays: auditRetentionDays
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    name: storageName
    location: location
    tags: tags
    sku: storageSku
    lock: lockStorage
    queueNames: queueNames
    tableNames: tableNames
    privateNetwork: privateNetwork
    allowedIpRanges: allowedIpRanges
    workspaceId: monitoring.outputs.workspaceId
  }
}

module backup 'modules/backup.bicep' = {
  name: 'backup'
  params: {
    name: backupName
    location: location
    tags: tags
    sku: storageSku
    lock: lockStorage
    privateNetwork: privateNetwork
    allowedIpRanges: allowedIpRanges
    operatorId: operatorId
    operatorType: operatorType
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  params: {
    name: vaultName
    location: location
    tags: tags
    privateNetwork: privateNetwork
    allowedIpRanges: allowedIpRanges
    workspaceId: monitoring.outputs.workspaceId
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  name: 'network'
  params: {
    name: name
    location: location
    tags: tags
    storageId: storage.outputs.id
    vaultId: vault.outputs.id
  }
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-${appName}'
  location: location
  tags: tags
}

// Before the app: it reads the vault when it is made.
module roles 'modules/roles.bicep' = {
  name: 'roles'
  params: {
    storageName: storage.outputs.name
    queueNames: queueNames
    tableNames: tableNames
    staffWrites: staffWrites
    vaultName: vault.outputs.name
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    appPrincipalId: identity.properties.principalId
    staffGroupId: staffGroupId
    operatorId: operatorId
    operatorType: operatorType
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  params: {
    name: appName
    location: location
    tags: tags
    identityId: identity.id
    identityClientId: identity.properties.clientId
    subnetId: network.?outputs.appSubnetId ?? ''
    deploymentContainerUrl: storage.outputs.deploymentContainerUrl
    blobUrl: storage.outputs.blobUrl
    queueUrl: storage.outputs.queueUrl
    tableUrl: storage.outputs.tableUrl
    vaultUrl: vault.outputs.url
    applicationInsightsConnectionString: monitoring.outputs.applicationInsightsConnectionString
    alwaysReady: alwaysReady
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    rotatingWebhookSecret: rotatingWebhookSecret
    clinicSettings: {
      SPRUCE_API_BASE_URL: spruceApiBaseUrl
      CONSENT_REQUEST_PATTERN: consentRequestPattern
      CONSENT_REPLY_WINDOW_DAYS: string(consentReplyWindowDays)
      CONSENT_CHANNELS: consentChannels
      CONSENT_KEYWORDS: consentKeywords
      DECLINE_KEYWORDS: declineKeywords
      CONSENT_CONFIRMATION: consentConfirmation
      DECLINE_CONFIRMATION: declineConfirmation
      CLINIC_TIME_ZONE: clinicTimeZone
      LOG_LEVEL: logLevel
    }
  }
  dependsOn: [roles]
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    name: name
    location: location
    tags: tags
    applicationInsightsId: monitoring.outputs.applicationInsightsId
    email: alertEmail
    enabled: alertsEnabled
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  params: {
    name: name
    location: location
    tags: tags
    applicationInsightsId: monitoring.outputs.applicationInsightsId
  }
}

@description('For func azure functionapp publish, and az functionapp.')
output functionAppName string = app.outputs.name

@description('What is registered at Spruce.')
output webhookUrl string = 'https://${app.outputs.hostName}/api/spruce-webhook'

@description('Where the secrets are set.')
output vaultName string = vault.outputs.name

@description('For AzureWebJobsStorage__accountName on an operator\'s machine.')
output storageName string = storage.outputs.name

@description('Where exports of the tables are kept, in the container exports.')
output backupName string = backup.outputs.name

@description('For staff, in Storage Explorer.')
output tableUrls array = storage.outputs.tableUrls

@description('Where the app\'s calls come from, with a private network.')
output outboundIp string = network.?outputs.outboundIp ?? ''

@description('For queries with az monitor app-insights query.')
output applicationInsightsName string = monitoring.outputs.applicationInsightsName
